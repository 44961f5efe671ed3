"""What is made of the program's tables is what they say, kept or not, and never an older one."""

from importlib import resources
from importlib.util import cache_from_source
from pathlib import Path
from typing import NamedTuple

import pytest

import scripts.made_tables
from programme.units import LanguageTag
from scripts.made_tables import made_once
from scripts.plain_words import plain_words
from scripts.read_terms import _read_built_in, built_in_terms
from scripts.term_phrases import every_phrase
from scripts.termbase import TermBase

LANGUAGES = ("es", "es-419", "en", "fr", "pt-BR", "ar", "ht")


class Numbers(NamedTuple):
    all: tuple[int, ...]


@pytest.fixture(autouse=True)
def _kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is made in a folder of its own."""
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path))


def place(name: str) -> Path:
    file = Path(str(resources.files("scripts").joinpath("data", f"{name}.py")))
    return Path(cache_from_source(str(file))).with_suffix(".kept")


def made(number: int, name: str = "numbers") -> int:
    """Give the number that is kept, or keep this one."""
    return made_once(name, Numbers, lambda: Numbers((number, 7))).all[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_kept_terms_are_those_of_the_tables(language: str) -> None:
    tag = LanguageTag(language)
    fresh = TermBase()._lists(tag)
    for _ in range(2):
        table = TermBase().of(tag)
        assert (table is None) is (not fresh.by_word)
        if table is not None:
            assert table.phrases == every_phrase(fresh)
            assert table.denials == {*fresh.denials}
    assert place(f"terms-{language}").exists()


def test_kept_concepts_are_those_of_the_tables() -> None:
    for _ in range(2):
        built_in_terms.cache_clear()
        assert built_in_terms() == _read_built_in()
    assert place("term-concepts").exists()


@pytest.mark.parametrize("language", sorted({tag.partition("-")[0] for tag in LANGUAGES}))
def test_kept_phrases_are_those_of_the_tables(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    for _ in range(2):
        plain_words.cache_clear()
        kept.append(plain_words(language))
    assert place(f"phrases-{language}").exists()
    monkeypatch.setattr(scripts.made_tables, "program_digest", lambda: "")
    plain_words.cache_clear()
    fresh = plain_words(language)
    plain_words.cache_clear()
    assert fresh is not None
    for one in kept:
        assert one is not None
        assert one.phrases.every_form == fresh.phrases.every_form
        assert one.phrases.groups == fresh.phrases.groups


def test_a_value_is_made_once() -> None:
    assert [made(1), made(2)] == [1, 1]
    assert made(3, "others") == 3


def test_another_program_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(1) == 1
    monkeypatch.setattr(scripts.made_tables, "program_digest", lambda: "another")
    assert [made(2), made(3)] == [2, 2]


def test_what_is_kept_for_another_name_is_not_taken() -> None:
    assert made(1, "terms-es-mx") == 1
    place("terms-es-mx").rename(place("terms-es-MX"))
    assert made(2, "terms-es-MX") == 2


@pytest.mark.parametrize("name", ["../numbers", "a/b", "a.b", "é", "", "x" * 65])
def test_a_name_that_is_no_plain_name_is_never_a_file(name: str, tmp_path: Path) -> None:
    assert [made(1, name), made(2, name)] == [1, 2]
    assert not [*tmp_path.rglob("*.kept")]


def test_nothing_is_kept_where_the_program_is_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(scripts.made_tables, "program_digest", lambda: "")
    assert [made(1), made(2)] == [1, 2]
    assert not [*tmp_path.rglob("*.kept")]


@pytest.mark.parametrize("damage", [b"", b"[", b"nonsense\n[[1]]"])
def test_what_is_damaged_is_made_again(damage: bytes) -> None:
    assert made(1) == 1
    place("numbers").write_bytes(damage)
    assert [made(2), made(3)] == [2, 2]
    whole = place("numbers").read_bytes()
    place("numbers").write_bytes(whole.replace(b"7", b"8"))
    assert made(4) == 4
