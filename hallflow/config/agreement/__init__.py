"""What the files of a plan must say of each other: names that exist, letters that differ, halls that can serve."""
