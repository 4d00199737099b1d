"""The report of a session: events -> findings -> a document -> HTML (or, at the rim, PDF). Pure."""
