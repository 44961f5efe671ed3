"""Recordings: kits that ask for them, and takes that come home, are heard and kept."""
