"""Mentions of countries, dates, institutions, people and figures, as spaCy components."""
