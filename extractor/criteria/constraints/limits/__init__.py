"""Comparisons: amounts, comparators and ranges, wherever the tokens hold one."""
