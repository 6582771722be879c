"""The roster of a hall: shifts, seats (who sits at which counter when) and breaks."""
