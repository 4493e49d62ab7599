"""The staff side: from a received report to a case, and the console where staff work it."""
