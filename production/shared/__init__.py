"""The shared store: results that several machines have in common."""
