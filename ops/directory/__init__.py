"""The directory of agencies: its rows, checked; merged with what is imported; edited, shown, written to files."""
