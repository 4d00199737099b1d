"""The practitioner's own window, beside the client's: measures, where the session is, marks and notes."""
