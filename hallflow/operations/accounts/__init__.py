"""Staff who sign in, and the register of customers' tiers."""
