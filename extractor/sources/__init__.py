"""One module a source: marks and tables."""
