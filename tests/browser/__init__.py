"""The whole house in a real browser, as customers, clerks and the manager meet it."""
