"""The pages at which managers work: people, roster, cases, briefing, settings."""
