"""Estimating a hall's parameters from its history: service times, speeds, patience, arrival patterns."""
