"""Raw strings to typed values."""
