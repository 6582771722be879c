"""Intraday staffing recommendations (advice): proposed, decided, carried out, and their effect measured."""
