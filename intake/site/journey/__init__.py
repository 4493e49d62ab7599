"""The journey of a report: one question a page, at one address, saved at each step and sent at the end."""
