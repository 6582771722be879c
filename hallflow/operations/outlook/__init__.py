"""The intraday forecast (outlook) of each hall: fitting, arrival forecasts, wait prediction, calibration, staffing requirements."""
