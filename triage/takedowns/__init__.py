"""Takedowns: links that hosting providers are asked to remove, until somebody says that they are gone."""
