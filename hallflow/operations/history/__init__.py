"""The history of visits: imported, exported, and archived after each closed day."""
