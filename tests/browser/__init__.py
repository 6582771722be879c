"""End-to-end tests in a real browser, as customers, clerks and the manager use the pages."""
