"""Voices: engines that turn a sentence into a take."""
