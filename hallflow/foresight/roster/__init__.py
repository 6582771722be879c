"""Tour scheduling: shift patterns, their cover of the staffing requirement, seats, and the assignment of a week to people."""
