"""Alarms: somebody is called when a child may be in danger now, or when a deadline has passed."""
