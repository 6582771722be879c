"""What a hall answers and how soon: numbers, calls, walls, screens, memory, starts."""
