"""Units of sound, time and identity as types, so that a number cannot change kind unnoticed."""

from typing import NewType

DurationMs = NewType("DurationMs", int)
"""A length of time, or a point counted from the start, in whole milliseconds."""

Samples = NewType("Samples", int)
"""A count of sample frames; the rate stands beside it."""

Hz = NewType("Hz", int)
"""Samples a second."""

Lufs = NewType("Lufs", float)
"""Loudness against full scale (ITU-R BS.1770); -70 is the meter's floor, that is silence."""

Lu = NewType("Lu", float)
"""A loudness difference."""

Dbtp = NewType("Dbtp", float)
"""True peak against full scale; -inf is digital silence."""

Db = NewType("Db", float)
"""A gain."""

Digest = NewType("Digest", str)
"""SHA-256 of bytes, 64 lower-case hexadecimal characters."""

Fingerprint = NewType("Fingerprint", str)
"""SHA-256 of a plan (a step's inputs, settings and tool version); never of bytes."""

LanguageTag = NewType("LanguageTag", str)
"""A BCP 47 tag in canonical case, such as es-419, quc or fa-AF."""

Key = NewType("Key", str)
"""The name of an object in a publishing target: ASCII, relative, slashes between parts."""

Url = NewType("Url", str)
"""A public address."""
