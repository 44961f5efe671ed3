"""Radios and loudspeakers out: names, playlists, packs."""
