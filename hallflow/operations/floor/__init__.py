"""The commands of the live hall: take a number, call, serve, open a counter, end a day."""
