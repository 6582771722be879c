"""Tickets on paper: printers, their protocols and their faults."""
