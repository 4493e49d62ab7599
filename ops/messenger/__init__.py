"""The demo messenger: two invented people in one chat, on an origin of its own, with the hotline's tab in it.

It shows what an operator does: a tag on a page, and a few lines on a server that sign what a report is about.
"""
