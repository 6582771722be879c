"""The commands of service standards: observe, measure, report."""
