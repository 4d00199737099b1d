"""Makes again what the program has learnt, from simulated people alone."""
