"""Operators that may send reports or embed the tab: made, let in, and shut out by whoever runs the hotline."""
