"""Clinical-trial registry documents and drug labels in, structured records out."""
