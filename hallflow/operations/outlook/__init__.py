"""Making each hall's outlook: learning, forecasts, predicted waits, calibration, requirements."""
