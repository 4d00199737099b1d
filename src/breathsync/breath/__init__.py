"""Breath: the guide's patterns and pace, and breath as the strap can tell it."""
