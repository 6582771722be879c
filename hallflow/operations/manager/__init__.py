"""What a manager asks: what-if, the week ahead, reports, the track record."""
