"""Which agency a report goes to: rules that people read and edit, matched, tried out and published."""
