"""Training of the English model: annotated texts as lines, variants of them, the training itself and its scores. Needs spaCy."""
