"""Wait prediction: features, quantile gradient boosting, conformal calibration and the benchmark estimators beside it."""
