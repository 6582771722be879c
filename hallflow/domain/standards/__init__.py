"""Service standards: the targets of each area, and the indicators that measure them."""
