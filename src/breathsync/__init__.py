"""BreathSync: from a heart-rate strap's bytes to a calm picture of breath and heart."""

__version__ = "0.1.0"
