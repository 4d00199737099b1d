"""Heartbeats: one timeline, doubtful beats marked, and what is measured from the rest."""
