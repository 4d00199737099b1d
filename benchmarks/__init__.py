"""What BreathSync reaches, measured: `uv run python -m benchmarks [--full] [NAME...]`."""
