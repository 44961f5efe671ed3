"""Sound: voices, recordings, timeline, mix, loudness, encoding, tags."""
