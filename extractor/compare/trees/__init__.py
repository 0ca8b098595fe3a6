"""Trees of criteria in two versions: which statement is which, and whether their limits were tightened or loosened."""
