"""Tests of the CyberTipline form."""
