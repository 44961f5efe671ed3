"""USB sticks and cards: what is on them, what goes on them, read back."""
