"""Which agency a report goes to."""
