"""Two outlines of one page, Chinese and English, to one list of pairs."""
