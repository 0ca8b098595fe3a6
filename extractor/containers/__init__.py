"""Archives and packed streams, read without ever writing a member to disk; hostile ones are refused with a sentence."""
