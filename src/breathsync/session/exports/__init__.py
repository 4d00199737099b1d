"""Recordings -> other tools' files: one writer a format, all from the same content."""
