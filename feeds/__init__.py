"""Podcast out: RSS, transcripts, chapters."""
