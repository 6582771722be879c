"""The commands of the customer register: import, look up, export, erase."""
