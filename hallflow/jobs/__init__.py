"""What happens by itself: outlooks drawn, the forgotten missed, the day closed, answers forgotten."""
