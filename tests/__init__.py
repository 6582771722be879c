"""The promises of the hall, each proven; tests/ mirrors hallflow/."""
