"""``rules/`` as typed, checked, frozen data."""
