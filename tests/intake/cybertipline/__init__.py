"""Tests of the CyberTipline door."""
