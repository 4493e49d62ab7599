"""The tab in pages of other origins, seen from their side."""
