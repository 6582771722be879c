"""Appointments: slots, bookings, and how a booked customer joins the line."""
