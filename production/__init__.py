"""Assembles: plan, store, journal, steps, releases; the only package that knows all four crafts."""
