"""What people decided about changes: kept in ``rules/decisions/``, applied by every run."""
