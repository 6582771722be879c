"""Service standards: what each area promises, and the indicators that show whether it is kept."""
