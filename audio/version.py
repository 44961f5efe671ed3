"""What the bytes of sound depend on besides their inputs; no sound library is imported here."""

from functools import cache

from audio.installed import installed_version

DSP = 21
"""Raised whenever timeline, mix, mastering, chains or coding change what comes out."""

_LIBRARIES = ("av", "lameenc", "numpy", "soxr")


@cache
def sound_version() -> str:
    """Name everything that makes two renderings comparable; for fingerprints."""
    libraries = " ".join(f"{name}-{installed_version(name)}" for name in _LIBRARIES)
    return f"dsp-{DSP} {libraries}"
