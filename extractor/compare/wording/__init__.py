"""Texts in two versions: whether they say the same, and the words in which they differ."""
