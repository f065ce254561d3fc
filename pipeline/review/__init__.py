"""Reviewing what changed: a session over a diff, a local web page and a terminal on top of it."""
