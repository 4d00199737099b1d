"""How true the beats, measures and breath are, on real people: `python -m benchmarks.accuracy`."""
