"""Lists in two versions: items paired by keys and likeness, sections by their headings, tables by their captions."""
