"""Fields of a label."""
