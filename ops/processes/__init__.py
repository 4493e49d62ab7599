"""Child processes that leave nothing behind: how they start, as whom, and how they end."""
