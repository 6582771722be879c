"""Accounts: staff who sign in by PIN, and the register of customers' tiers."""
