"""The letter of a change of keys: whole in each language, with the commands that people copy."""

from dataclasses import replace
from datetime import date

import pytest

from production.keys.letter import FILE, key_letter
from programme.network import Network
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from tests.production.notices.notice_cases import TITLES, six
from tests.production.running import read
from tests.stations.signed_packs import KEY, STANDBY, THIEF

SIX = {tag.partition("-")[0] for tag in TITLES}
KEYS = (KEY.public, STANDBY.public)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read(six(tmp_path_factory.mktemp("letter") / "w")).network


def letter(network: Network, *, retired: bool = True) -> list[str]:
    gone = THIEF.public if retired else None
    return key_letter(network, KEYS, gone, date(2026, 11, 23), known_as="standby").split("-" * 60)


def test_every_language_has_every_sentence_and_the_same_places_to_fill() -> None:
    tables = read_toml(package_file("production.keys", FILE))
    assert set(tables) == SIX
    assert len({tuple(table) for table in tables.values()}) == 1
    for table in tables.values():
        assert [name for name, words in table.items() if "{" in words] == ["title", "ask"]


def test_each_part_is_whole_and_the_source_language_comes_first(network: Network) -> None:
    parts = letter(network)
    assert [part.strip().splitlines()[0] for part in parts] == [
        *("Español", "English", "Français", "Português", "العربية", "Kreyòl ayisyen")
    ]
    named = f"{KEY.public.text} {STANDBY.public.text}"
    for part in parts:
        assert THIEF.public.text in part
        assert KEY.public.fingerprint in part
        assert STANDBY.public.fingerprint in part
        assert f"\n  altavoz keys trust --publisher {network.id} --replace {named}\n" in part
        assert f"\n  minisign -Vm pack.json -P {KEY.public.text}\n" in part
        check = f"minisign -Vm key-change-2026-11-23.txt -p {network.id}-standby.pub"
        assert f"\n  {check}\n" in part
        assert network.role_address in part
        assert "{" not in part


def test_where_no_key_falls_none_is_named_as_bad(network: Network) -> None:
    assert all("  RW" in part for part in letter(network, retired=False))
    assert "No confíe más" not in "".join(letter(network, retired=False))


def test_a_language_without_words_is_left_out_and_english_is_always_there(
    network: Network,
) -> None:
    quc = LanguageTag("quc")
    one = replace(network, source_language=quc, languages=(quc, LanguageTag("fr")))
    heads = [part.strip().splitlines()[0] for part in letter(one)]
    assert heads == ["Français", "English"]
