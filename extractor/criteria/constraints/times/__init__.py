"""Times: durations and windows."""
