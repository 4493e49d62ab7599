"""What people do, from their first page to the last, with a real browser and real processes."""
