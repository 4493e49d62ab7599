"""The simulation: invented reports of known truth, through the real doors, and how well triage did."""
