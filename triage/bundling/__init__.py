"""Bundling: reports of the same thing become one case, and whoever speaks for themselves keeps their own.

Everything here works on keyed values; the words themselves go no further than `evidence`.
"""
