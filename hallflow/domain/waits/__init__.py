"""Waits as customers see them: the range shown, how it is carried between outlooks, the promise and its track record."""
