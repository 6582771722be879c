"""The verbs of service standards: observe, measure, report."""
