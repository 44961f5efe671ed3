"""Folders that stations play from: planned days, lists, sound, and what must go first."""
