"""The web as both faces know it: languages, pages, headers, forms, errors, static files."""
