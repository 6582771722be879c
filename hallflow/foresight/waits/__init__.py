"""The wait predictor: features, the correcting model, conformal calibration and the simple estimators beside it."""
