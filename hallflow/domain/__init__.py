"""The rules of the hall: plan, tickets, counters, floor, routing. Python's own library only."""
