"""Cases: opened by triage, read and ended by staff."""
