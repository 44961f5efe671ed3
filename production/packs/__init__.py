"""Packs and loops for stations: made, updated, shipped, verified, recalled."""
