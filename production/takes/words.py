"""What is said of a take to whoever records: faults and remedies in plain words, by language."""

from functools import cache
from typing import Any

from programme.tables import package_file, read_toml
from programme.takes import TakeFault
from programme.units import LanguageTag

_OTHERWISE = "en"


def fault_words(fault: TakeFault, language: LanguageTag) -> tuple[str, str]:
    """Give what is heard, and what to do, in a language, else in English."""
    heard, remedy = _words(language)[fault.value]
    return str(heard), str(remedy)


def good_words(language: LanguageTag) -> str:
    """Say that a take is fit for air."""
    return str(_words(language)["good"])


def _words(language: LanguageTag) -> dict[str, Any]:
    tables = _tables()
    found: dict[str, Any] = tables.get(language.partition("-")[0]) or tables[_OTHERWISE]
    return found


@cache
def _tables() -> dict[str, Any]:
    return read_toml(package_file("production.takes", "take_verdicts.toml"))
