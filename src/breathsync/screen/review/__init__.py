"""The review window: any session, looked at closely afterwards."""
