"""Headings, sections and paragraphs of a label."""
