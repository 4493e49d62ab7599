"""NCMEC's CyberTipline report form: its grammar in our words, read from XML, checked, kept and written again."""
