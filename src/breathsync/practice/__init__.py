"""A practice: its steps, and the conductor that leads through them."""
