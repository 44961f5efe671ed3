"""Spoken notices of messages that are not to be used any more."""
