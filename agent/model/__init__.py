"""Frozen values that everything else speaks of: no input, no output, no wire shapes."""
