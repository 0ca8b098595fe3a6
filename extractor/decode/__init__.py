"""Bytes of one format to a document."""
