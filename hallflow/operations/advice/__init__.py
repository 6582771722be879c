"""Advice given, followed and measured."""
