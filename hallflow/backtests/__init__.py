"""The laboratory: methods tried on logs and on made-up days; it touches no hall."""
