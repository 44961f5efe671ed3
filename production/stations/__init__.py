"""Stations as the office sees them: added, listed, checked, each on a card."""
