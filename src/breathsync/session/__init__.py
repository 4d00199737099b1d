"""A session from start to end: runner, recording, replay, import."""
