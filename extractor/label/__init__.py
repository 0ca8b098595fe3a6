"""What only drug labels need."""
