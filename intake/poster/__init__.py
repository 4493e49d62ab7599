"""A poster: one printed page that says how to reach the hotline, in one language and for one country.

`python -m intake.poster` reads the words of one as JSON and writes a PDF; `press.py` runs it.
"""
