"""Parameter estimation from a hall's history: service times, server speed factors, patience, arrival patterns."""
