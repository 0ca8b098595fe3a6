"""Records out: JSON and what is made of it."""
