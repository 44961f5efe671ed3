"""Signing keys: made, kept, changed, trusted, and what is signed with them."""
