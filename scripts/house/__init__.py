"""The architecture diagram: docs/house.svg and docs/house.md, made from the imports by `make house`."""
