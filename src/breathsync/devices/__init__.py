"""Straps: what they send, how it is decoded, and people who are simulated wearing one."""
