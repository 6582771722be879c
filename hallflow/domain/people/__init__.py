"""People who work in a hall: one person, the roles they have, the certificates they hold."""
