"""Consent: a testimony airs only with one that lives and covers its use; its record stays shut."""

import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from programme.errors import ProductionError
from programme.findings import Finding
from scripts.consent_edit import revoke_consent
from scripts.workspace import Workspace
from tests.scripts.sample_workspace import (
    EPISODE,
    NETWORK,
    SEGMENT,
    SERIES,
    STATION,
    Changes,
    check,
    places,
)

TELLTALE = "Telltale-0417"
"""Stands for everything in a record that can tell who spoke."""

RECORD = f"""\
id: c-7
form_version: "2026-2 {TELLTALE}"
language: es-419
obtained_on: "2026-10-01"
by: "{TELLTALE}"
purposes: [public-information, archive]
channels: [feed, radio, pack]
countries: []
until: "2027-10-01"
anonymity: voice-disguised
child: no
guardian: ""
risks_explained: yes
"""

VOICE = {
    "scripts/voz/segment.yml": (
        'kind: testimony\nkey_message: "Llegué."\nexpires: "2027-01-31"\nconsent: c-7\n'
    ),
    "scripts/voz/es-419.md": "# Una voz\n\nCaminé mucho.\n",
    "episodes/uno.yml": EPISODE + "  - segment: voz\n",
}


def look(root: Path, record: str | None = RECORD, changes: Changes | None = None) -> list[Finding]:
    """Give what a check says of consent and of what lies in private/."""
    files: Changes = {**VOICE, "private/consent/c-7.yml": record, **(changes or {})}
    workspace, findings = check(root, files)
    assert isinstance(workspace, Workspace)
    return [f for f in findings if "consent" in f.rule or f.file.startswith("private")]


def test_a_live_consent_that_covers_every_use_is_enough(tmp_path: Path) -> None:
    assert look(tmp_path) == []


CAMINO = {"stations/radio.yml": STATION.replace("kind: radio", "kind: shelter")}

WITHHELD: dict[str, tuple[str, Mapping[str, str | bytes | None], str]] = {
    "revoked": (RECORD + 'revoked_on: "2026-11-20"\n', {}, "was revoked"),
    "revoked, to be dated tomorrow": (RECORD + 'revoked_on: "2026-11-23"\n', {}, "was revoked"),
    "past its last day": (RECORD.replace("2027-10-01", "2026-11-21"), {}, "has run out"),
    "not yet given": (RECORD.replace("2026-10-01", "2026-11-23"), {}, "dated in the future"),
    "risks not explained": (RECORD.replace("explained: yes", "explained: no"), {}, "risks"),
    "a child alone": (RECORD.replace("child: no", "child: yes"), {}, "no guardian"),
    "for training only": (
        RECORD.replace("[public-information, archive]", "[training]"),
        {},
        "no purpose that covers a broadcast",
    ),
    "not for packs": (RECORD.replace(", pack]", "]"), {}, "the channel pack"),
    "not for feeds": (RECORD.replace("[feed, ", "["), {}, "the channel feed"),
    "not for loudspeakers": (RECORD, CAMINO, "the channel loudspeaker"),
    "not to be passed on": (
        RECORD.replace(", pack]", "]"),
        {"series/serie.yml": SERIES + "also: [low-data]\n", "stations/radio.yml": None},
        "the channel pack",
    ),
    "for one country, and a file can be passed on anywhere": (
        RECORD.replace("countries: []", "countries: [GT]"),
        {
            "series/serie.yml": SERIES.replace("kind: programme", "kind: loop")
            + "also: [low-data]\n"
        },
        "heard in others",
    ),
    "for one country, and a feed is heard in all": (
        RECORD.replace("countries: []", "countries: [GT]"),
        {},
        "heard in others",
    ),
    "of another country than the station's": (
        RECORD.replace("countries: []", "countries: [MX]"),
        {
            "series/serie.yml": SERIES.replace("kind: programme", "kind: loop"),
            "stations/radio.yml": STATION,
        },
        "heard in others",
    ),
}


@pytest.mark.parametrize("name", WITHHELD)
def test_a_testimony_is_left_out_and_the_check_says_why(tmp_path: Path, name: str) -> None:
    record, changes, why = WITHHELD[name]
    [found] = look(tmp_path, record, changes)
    assert (found.place, found.rule) == ("scripts/voz/segment.yml:4", "consent.withheld")
    assert why in found.problem
    assert "left out" in found.problem


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        (RECORD.replace("2027-10-01", "2026-11-22"), {}),
        (RECORD.replace("child: no", "child: yes").replace('guardian: ""', "guardian: mother"), {}),
        (
            RECORD.replace("countries: []", "countries: [GT]"),
            {"series/serie.yml": SERIES.replace("kind: programme", "kind: loop")},
        ),
    ],
)
def test_the_last_day_a_guardian_and_a_named_country_suffice(
    tmp_path: Path, record: str, changes: Changes
) -> None:
    assert look(tmp_path, record, changes) == []


def test_a_record_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    [found] = look(tmp_path, None)
    assert (found.place, found.rule) == ("scripts/voz/segment.yml:4", "consent.missing")


def test_a_record_in_private_itself_is_found(tmp_path: Path) -> None:
    assert look(tmp_path, None, {"private/c-7.yml": RECORD}) == []


def test_a_record_in_two_places_withholds_and_cannot_be_half_revoked(tmp_path: Path) -> None:
    """A revoked copy in one place must not be passed over for a live one in the other."""
    revoked = RECORD + 'revoked_on: "2026-11-01"\n'
    for number, (first, second) in enumerate([(RECORD, revoked), (revoked, RECORD)]):
        root = tmp_path / str(number)
        found = look(root, first, {"private/c-7.yml": second})
        assert [f.file for f in found if f.rule == "consent.record"] == ["private/c-7.yml"]
        assert [f.file for f in found if f.rule == "consent.withheld"] == [
            "scripts/voz/segment.yml"
        ]
        with pytest.raises(ProductionError) as refused:
            revoke_consent(root, "c-7", on=DAY)
        assert "into both" in refused.value.remedy
        assert (root / "private/consent/c-7.yml").read_text(encoding="utf-8") == first


def test_private_may_be_a_link_to_another_disk(tmp_path: Path) -> None:
    (tmp_path / "stick" / "consent").mkdir(parents=True)
    (tmp_path / "stick" / "consent" / "c-7.yml").write_text(RECORD, encoding="utf-8")
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "private").symlink_to(tmp_path / "stick")
    assert look(tmp_path / "workspace", None) == []


FAULTS: Mapping[str, tuple[str | bytes, int]] = {
    "a key that nobody knows": (RECORD + f"{TELLTALE.lower()}: {TELLTALE}\n", 14),
    "no date": (RECORD.replace('"2027-10-01"', TELLTALE), 9),
    "a channel that nobody knows": (RECORD.replace("[feed,", f"[{TELLTALE},"), 7),
    "a country that is none": (RECORD.replace("countries: []", f"countries: [{TELLTALE}]"), 8),
    "another id": (RECORD.replace("id: c-7", "id: c-8"), 1),
    "an id that is none": (RECORD.replace("id: c-7", f"id: {TELLTALE}"), 1),
    "no last day": (RECORD.replace("until:", "# until:"), 1),
    "no word on risks": (RECORD.replace("risks_explained: yes\n", ""), 1),
    "neither yes nor no": (RECORD.replace("child: no", f"child: {TELLTALE}"), 11),
    "a key twice": (RECORD + f"by: {TELLTALE}\n", 14),
    "an anchor": (RECORD.replace("child: no", f"child: &{TELLTALE} no"), 11),
    "broken YAML": (RECORD + f"{TELLTALE}: [\n", 0),
    "no YAML at all": (f"{TELLTALE}\n", 1),
    "not UTF-8": (f"by: {TELLTALE} \xff".encode("latin-1"), 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_record_with_a_fault_withholds_and_is_never_quoted(tmp_path: Path, name: str) -> None:
    record, line = FAULTS[name]
    found = look(tmp_path, None, {"private/consent/c-7.yml": record})
    told = [f for f in found if f.rule == "consent.record"]
    assert {f.file for f in told} == {"private/consent/c-7.yml"}
    assert line in {f.line for f in told} or not line
    assert [f.place for f in found if f.rule == "consent.withheld"] == ["scripts/voz/segment.yml:4"]
    shown = " ".join(f"{f.place} {f.problem} {f.remedy}" for f in found).casefold()
    assert TELLTALE.casefold() not in shown


def test_a_record_whose_name_is_no_id_is_counted_not_named(tmp_path: Path) -> None:
    [found] = look(tmp_path, RECORD, {f"private/consent/{TELLTALE}.yml": RECORD})
    assert (found.file, found.rule) == ("private/consent", "consent.name")
    assert TELLTALE not in found.problem + found.remedy
    assert found.problem.startswith("1 record has a file name")
    assert "private/consent/" in found.remedy
    odd: Changes = {f"private/consent/{TELLTALE}-{n}.yml": RECORD for n in range(2)}
    [found] = look(tmp_path / "two", RECORD, odd)
    assert found.problem.startswith("2 records have file names")


def test_a_workspace_without_testimonies_is_told_nothing(tmp_path: Path) -> None:
    _, findings = check(tmp_path, {"altavoz.toml": NETWORK, "scripts/asilo/segment.yml": SEGMENT})
    assert places(findings) == []


# --- Revoking ---------------------------------------------------------------------------------

DAY = date(2026, 11, 22)
LINE = b'revoked_on: "2026-11-22"'


def put(root: Path, data: bytes) -> Path:
    path = root / "private" / "consent" / "c-7.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (RECORD.encode(), RECORD.encode() + LINE + b"\n"),
        (RECORD.encode().rstrip(b"\n"), RECORD.encode() + LINE + b"\n"),
        (
            RECORD.replace("\n", "\r\n").encode(),
            RECORD.replace("\n", "\r\n").encode() + LINE + b"\r\n",
        ),
        (
            b"\xef\xbb\xbf# \xc3\xb1\nrevoked_on:   # not yet\n" + RECORD.encode(),
            b"\xef\xbb\xbf# \xc3\xb1\n" + LINE + b"  # not yet\n" + RECORD.encode(),
        ),
        (RECORD.encode() + b'revoked_on: ""\n', RECORD.encode() + LINE + b"\n"),
        (b"by: nobody knows the rest\n", b"by: nobody knows the rest\n" + LINE + b"\n"),
    ],
)
def test_revoking_writes_one_line_and_leaves_every_other_byte(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    path = put(tmp_path, before)
    assert revoke_consent(tmp_path, "c-7", on=DAY) == path
    assert path.read_bytes() == after
    assert [one.name for one in path.parent.iterdir()] == ["c-7.yml"]


def test_a_record_that_only_its_owner_may_read_stays_so(tmp_path: Path) -> None:
    path = put(tmp_path, RECORD.encode())
    path.chmod(0o600)
    revoke_consent(tmp_path, "c-7", on=DAY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "data",
    [
        RECORD.encode() + b'revoked_on: "2026-01-01"\n',
        b"{id: c-7, by: x}\n",
        RECORD.encode() + b"...\n",
        b"\xff\xfe",
        b"- a list\n",
    ],
)
def test_a_record_that_cannot_take_the_line_is_left_as_it_is(tmp_path: Path, data: bytes) -> None:
    path = put(tmp_path, data)
    with pytest.raises(ProductionError) as refused:
        revoke_consent(tmp_path, "c-7", on=DAY)
    assert path.read_bytes() == data
    assert refused.value.where == "private/consent/c-7.yml"
    assert TELLTALE not in str(refused.value)


def test_revoking_what_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("c-8", "../../etc/passwd"):
        with pytest.raises(ProductionError):
            revoke_consent(tmp_path, name, on=DAY)


def test_a_revoked_consent_withholds(tmp_path: Path) -> None:
    look(tmp_path)
    revoke_consent(tmp_path, "c-7", on=DAY)
    text = (tmp_path / "private/consent/c-7.yml").read_text(encoding="utf-8")
    [found] = look(tmp_path / "again", text)
    assert "was revoked" in found.problem
