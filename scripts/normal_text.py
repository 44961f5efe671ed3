"""Text in the one form in which it is kept and compared."""

import re
import unicodedata

from programme.units import LanguageTag

_MAYAN = re.compile(
    r"(?:acr|agu|cac|caa|cak|chf|ctu|hus|itz|ixl|jac|kek|kjb|knj|lac|mam|mhc|mop|poc|poh|quc|qum"
    r"|quv|toj|ttc|tzh|tzj|tzo|usp|yua)(?:-|\Z)"
)
_GLOTTAL = re.compile("(?<=[^\\W\\d_])['’‘`´ʻ′ꞌ]")
"""Whatever people type for the glottal stop: always after a letter, unlike an opening quote."""


def normal(text: str, language: LanguageTag) -> str:
    """Give the text in NFC; in Mayan languages every glottal stop becomes U+02BC.

    A lone surrogate stays as it is, for the checks to name.
    """
    text = unicodedata.normalize("NFC", text)
    if _MAYAN.match(language):
        return _GLOTTAL.sub("\u02bc", text)
    return text
