"""The rules that say where reports go, at the command line."""
