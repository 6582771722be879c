"""Past visits: imported, exported and moved out of today's way."""
