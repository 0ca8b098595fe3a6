"""The printed lines of a label, and text that knows where it stands."""
