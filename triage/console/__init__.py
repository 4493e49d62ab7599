"""The console: the staff web application, in a process and a database role of its own."""
