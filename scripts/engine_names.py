"""The voice engines that workspace files may name."""

ENGINES = ("espeak", "gtts", "piper", "pico", "mbrola", "rhvoice")
"""What a pronunciation may be kept for, and a voice be chosen from."""
