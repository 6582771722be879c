"""Days gone by: past visits, their sums, a day's script (trace), and the story of one ticket."""
