"""Pictures: what each kind of screen shows, drawn from a floor, whole and bounded."""
