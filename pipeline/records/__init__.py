"""Annotated documents to reports: who agreed, met or built what, when, and how far it got."""
