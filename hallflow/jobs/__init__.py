"""Scheduled jobs of the leader process: outlooks, advice, time-outs, the day's end, retention."""
