"""The commands of the customer's voice: rate, answer a survey, open and close a case, retain."""
