"""How tables of sources are applied: readers of labels, paths and rows. No source in here."""
