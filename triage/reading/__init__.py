"""Reading a report: what it names, in which language, which countries it points to, and signs of risk.

Every function here is pure, but for `hosting`, which asks a DNS resolver and nobody else.
"""
