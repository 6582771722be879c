"""What is measured with: a house to serve, its clients, crowds of screens, the bare server beside it."""
