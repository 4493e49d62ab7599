"""The CyberTipline door: an operator that reports to NCMEC's API changes the address and the password, and no more."""
