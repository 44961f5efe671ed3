"""Units, digests, ids, findings and errors: the values that every craft passes on."""

import hashlib
import json
import pickle
import re
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import pairwise, permutations
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programme.digests import (
    Plain,
    canonical_json,
    canonical_texts,
    digest_bytes,
    digest_file,
    digest_text,
    fingerprint,
)
from programme.errors import ExitCode, ProductionError
from programme.facts import Phone
from programme.findings import Finding, Findings, Severity
from programme.identifiers import is_id
from programme.profiles import profiles, words_per_minute
from programme.sound import EDGE, GRID, MIX_RATE, TakeInfo
from programme.units import Digest, Hz, LanguageTag, Samples
from programme.words import Script, Sentence, TranslationState

# --- ids -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["a", "7", "asilo-gratis", "mx-lnctp", "a_b", "a" * 64, "com10", "con1"]
)
def test_ids_that_may_name_a_file_anywhere(name: str) -> None:
    assert is_id(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "a/b", "a\\b", "a.b", "-a", "a-", "_a", "a_", "A", "á", "a b"),
        *("a\n", "\na", "a\0", "ａ", "a\u200b", "con", "nul", "com1", "lpt9", "a" * 65, "~", "a~"),
        *("-rf", "a:b", "a?", "٣", "CON", "a\u0301", "*"),
    ],
)
def test_names_that_escape_or_clash_are_no_ids(name: str) -> None:
    assert not is_id(name)


@given(st.text(st.sampled_from("abz09-_./\\ \n\0AÁ:"), max_size=70))
@example("a" * 64)
@example("../x")
def test_an_id_is_one_harmless_file_name(name: str) -> None:
    if is_id(name):
        assert Path("/srv/media", name).resolve().parent == Path("/srv/media").resolve()
        assert name == name.lower()
        assert name.isascii()
        assert len(name) <= 64
        assert name == re.sub(r"[^a-z0-9_-]", "", name)


# --- digests -------------------------------------------------------------------

JSON_VALUES: st.SearchStrategy[Plain] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # a lone surrogate has no UTF-8, so that it can stand in no file and in no fingerprint
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


def test_digests_are_those_of_the_standards_examples(tmp_path: Path) -> None:
    # FIPS 180-4, example "abc"
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_bytes(b"abc") == abc
    assert digest_text("abc") == abc
    (tmp_path / "abc").write_bytes(b"abc")
    assert digest_file(tmp_path / "abc") == abc


def test_a_file_that_is_gone_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        digest_file(tmp_path / "gone")


@given(JSON_VALUES)
def test_canonical_json_reads_back_and_does_not_depend_on_key_order(value: Plain) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert "\n" not in text
    assert fingerprint(value) == hashlib.sha256(text.encode("utf-8")).hexdigest()
    if isinstance(value, dict):
        assert fingerprint(dict(reversed(value.items()))) == fingerprint(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": 1}, {"a": "1"}), (["a", "b"], ["ab"]), ({"a": None}, {}), (1, True), ([], {})],
)
def test_different_plans_have_different_fingerprints(one: Plain, other: Plain) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_not_a_number_has_no_fingerprint() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        fingerprint({"gain_db": float("nan")})


# --- findings ------------------------------------------------------------------


def finding(file: str, line: int, rule: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(
        file=file, line=line, rule=rule, severity=severity, problem=f"{rule}.", remedy="mend it"
    )


SORTED = [
    finding("a.yml", 0, "z"),
    finding("a.yml", 2, "b"),
    finding("a.yml", 2, "a", Severity.WARNING),
    finding("b.yml", 1, "a", Severity.INFO),
]


def test_findings_come_by_file_line_and_weight_whatever_order_they_were_found_in() -> None:
    for order in permutations(SORTED):
        assert list(Findings(list(order))) == SORTED


def test_findings_are_counted_by_weight() -> None:
    found = Findings()
    stops = [found.has_errors]
    found.add(file="a", line=1, rule="r", problem="p", remedy="m", severity=Severity.WARNING)
    stops.append(found.has_errors)
    found.extend(SORTED)
    stops.append(found.has_errors)
    assert stops == [False, False, True]
    assert len(found) == 5
    assert [found.count(weight) for weight in Severity] == [2, 2, 1]


def test_a_finding_names_its_place() -> None:
    assert [one.place for one in SORTED[:2]] == ["a.yml", "a.yml:2"]


# --- errors --------------------------------------------------------------------


def fail(where: str) -> None:
    raise ProductionError("no space", where=where, remedy="make room", code=ExitCode.STORAGE)


def parts(error: ProductionError) -> Sequence[object]:
    return error.problem, error.where, error.remedy, error.code, str(error)


def test_an_error_keeps_every_part_when_it_is_copied() -> None:
    error = ProductionError("no space", where="store", remedy="make room", code=ExitCode.STORAGE)
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert parts(copied) == parts(error)


def test_an_error_keeps_every_part_on_its_way_from_a_worker() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        error = pool.submit(fail, "store").exception()
    assert isinstance(error, ProductionError)
    assert parts(error) == (
        "no space",
        "store",
        "make room",
        ExitCode.STORAGE,
        "store: no space (make room)",
    )


def test_an_error_without_a_place_is_one_sentence() -> None:
    assert str(ProductionError("no voice", remedy="record it")) == "no voice (record it)"


def test_exit_codes_are_stable() -> None:
    # programs depend on these numbers; 2 is also what command lines give for wrong usage,
    # 130 what shells give after an interrupt
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0,
        "BUG": 1,
        "USAGE": 2,
        "FINDINGS": 3,
        "INPUT": 4,
        "VOICE": 5,
        "STORAGE": 6,
        "TARGET": 7,
        "BUSY": 8,
        "EXPIRED": 9,
        "SOUND": 10,
        "REFUSED": 11,
        "INTERRUPTED": 130,
    }


# --- small values --------------------------------------------------------------


def test_a_number_is_printed_in_the_groups_that_it_is_said_in() -> None:
    assert Phone(groups=("800", "55", "33", "000")).display == "800 55 33 000"


def test_a_script_lists_each_fact_once() -> None:
    sentences = tuple(
        Sentence(line=n, raw="x", text="x", spoken="x", paragraph=0, facts=facts)
        for n, facts in enumerate([("b", "a"), (), ("b",)])
    )
    script = Script(
        segment="s",
        language=LanguageTag("es"),
        title="t",
        sentences=sentences,
        file="f",
        words_digest=Digest("0" * 64),
    )
    assert script.facts == ("a", "b")


def test_only_words_that_follow_the_source_may_air() -> None:
    assert {state.value for state in TranslationState if state.may_air} == {
        "source",
        "fresh",
        "cosmetic",
    }


@pytest.mark.parametrize(("samples", "length_ms"), [(0, 0), (22_050, 1000), (11, 0), (12, 1)])
def test_a_take_is_measured_to_the_nearest_millisecond(samples: int, length_ms: int) -> None:
    assert TakeInfo(rate_hz=Hz(22_050), samples=Samples(samples)).length_ms == length_ms


def test_the_grid_is_whole_frames_of_every_encoder() -> None:
    # MP3 at 48 kHz: 1152 samples a frame; Opus: 960 or 2880; BS.1770 steps: 100 ms
    assert [GRID % step for step in (1152, 960, 2880, MIX_RATE // 10)] == [0, 0, 0, 0]
    assert EDGE * 1000 // MIX_RATE == 120


def test_profiles_can_be_kept_by_a_file() -> None:
    found = profiles()
    assert {"podcast", "broadcast", "loudspeaker"} <= set(found)
    for name, profile in found.items():
        assert is_id(name)
        assert profile.renditions
        assert profile.ceiling_dbtp <= profile.max_dbtp
        assert words_per_minute(profile.pace, LanguageTag("es-GT")) > 0


def test_a_language_without_a_pace_of_its_own_takes_the_usual_one() -> None:
    paces = {profile.pace for profile in profiles().values()}
    for pace in paces:
        assert words_per_minute(pace, LanguageTag("quc")) == words_per_minute(
            pace, LanguageTag("zz")
        )
    with pytest.raises(KeyError):
        words_per_minute("no such pace", LanguageTag("es"))


@given(st.lists(st.dates(min_value=date(2000, 1, 1)), min_size=2))
def test_iso_dates_sort_as_text(days: list[date]) -> None:
    # file names and feeds rely on it
    for one, other in pairwise(sorted(days)):
        assert one.isoformat() <= other.isoformat()


@given(st.lists(st.text(st.characters() | st.sampled_from('"\\\u2028\x00\x7fé'))))
def test_a_list_of_texts_is_written_as_any_other_value(texts: list[str]) -> None:
    assert canonical_texts(texts) == canonical_json(texts)
