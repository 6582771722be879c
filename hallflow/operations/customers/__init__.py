"""The verbs of the customer register: import, look up, export, erase."""
