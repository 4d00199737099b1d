"""Many recordings -> one table: a row for each recording and step."""
