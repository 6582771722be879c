"""The voice of the customer: ratings, the survey, cases (complaints) and retention."""
