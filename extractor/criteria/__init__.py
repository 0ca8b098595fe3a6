"""Eligibility text to a tree with constraints."""
