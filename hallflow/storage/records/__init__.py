"""Records stored beside the log, one module a subject: outlooks, forecasts, rosters, advice, history."""
