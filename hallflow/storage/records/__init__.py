"""What is kept beside the log, a table or two each: outlooks, forecasts, rosters, advice, history."""
