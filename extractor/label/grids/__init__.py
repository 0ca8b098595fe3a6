"""Tables of a label."""
