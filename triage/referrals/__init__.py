"""Cases sent to other agencies: what is in a referral, the ways it goes, and each delivery's state."""
