"""A target is read back: each kind of fault is found where it was made, and nowhere else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from production.ledger.ledger import Ledger
from production.targets.verifying import ALL, Reading
from programme.errors import ExitCode, ProductionError
from tests.production.published import NOON, Made, altered, of, send, swap
from tests.targets.reading_back import look, one, verdicts

EVERYTHING = Reading(sample=ALL)


def change(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_what_was_just_published_is_all_well_and_every_byte_can_be_read(
    made: Made, sent: Path
) -> None:
    report = look(sent, made)
    assert (report.code, list(report.counts())) == (ExitCode.OK, ["ok"])
    files = [path for path in (sent / "public").rglob("*") if path.is_file()]
    assert len(report.objects) == len(files)
    assert sum(one.is_read for one in report.objects) < len(files)
    whole = look(sent, made, EVERYTHING)
    assert whole.code == ExitCode.OK
    assert all(one.is_read for one in whole.objects)
    assert whole.read_bytes >= sum(path.stat().st_size for path in files)


@pytest.mark.parametrize(
    ("pattern", "damage", "verdict"),
    [
        ("m/*-en-*.mp3", Path.unlink, "missing"),
        ("corta/en.xml", Path.unlink, "missing"),
        ("feeds.opml", Path.unlink, "missing"),
        ("publish.json", Path.unlink, "missing"),
        ("site.json", Path.unlink, "missing"),
        ("corta/en/corta-1.html", Path.unlink, "missing"),
        ("m/*-en-*.opus", lambda path: path.write_bytes(path.read_bytes()[:-1]), "altered"),
        ("ledger/*.jsonl", lambda path: path.write_bytes(path.read_bytes()[:-1]), "altered"),
        ("corta/en.xml", lambda path: change(path, b"Water", b"Wine"), "altered"),
        ("corta/en.json", lambda path: change(path, b"Water", b"Wine"), "altered"),
        ("feeds.opml", lambda path: change(path, b"//radio.", b"//rad1o."), "altered"),
        ("corta/en.xml", lambda path: change(path, b"</channel>", b"</channel> "), "differs"),
    ],
)
def test_what_is_damaged_is_found_by_a_look_at_lengths_and_feeds(
    made: Made, root: Path, pattern: str, damage: Callable[[Path], object], verdict: str
) -> None:
    path = one(root, pattern)
    damage(path)
    report = look(root, made)
    key = path.relative_to(root / "public").as_posix()
    told = verdicts(report)
    assert told.pop(key) == verdict
    # Without the head, nobody can say which parts of the ledger are needed.
    assert set(told.values()) <= ({"leftover"} if key == "publish.json" else set())
    assert report.code == (ExitCode.FINDINGS if verdict == "differs" else ExitCode.TARGET)


def flipped_in_silence(made: Made, root: Path, paths: list[Path]) -> list[str]:
    """Flip a bit in one file after the other; give those in which nobody found it."""
    quiet = []
    for path in paths:
        before = path.read_bytes()
        flip(path)
        told = verdicts(look(root, made, EVERYTHING))
        key = path.relative_to(root / "public").as_posix()
        # What is changed in the list of pages makes another of a page.
        found = set(told.values()) if key == "site.json" else {told.get(key)}
        if not found & {"altered", "differs", "ledger", "outdated"}:
            quiet.append(key)
        path.write_bytes(before)
    return quiet


def there(root: Path) -> list[Path]:
    """Give every file but the head, which no ledger tells of."""
    files = sorted((root / "public").rglob("*"))
    return [path for path in files if path.is_file() and path.name != "publish.json"]


def test_a_flipped_bit_is_found_in_one_file_of_each_kind(made: Made, root: Path) -> None:
    kinds = {(path.suffix, len(path.parts)): path for path in there(root)}
    assert len(kinds) > 12
    assert flipped_in_silence(made, root, list(kinds.values())) == []


@pytest.mark.slow
def test_a_flipped_bit_is_found_in_every_file(made: Made, root: Path) -> None:
    assert flipped_in_silence(made, root, there(root)) == []


def test_a_sample_is_chosen_by_its_seed_and_all_seeds_together_read_everything(
    made: Made, sent: Path
) -> None:
    def read(seed: str) -> set[str]:
        report = look(sent, made, Reading(sample=5, seed=seed))
        return {one.key for one in report.objects if one.is_read}

    first = read("a")
    assert first == read("a")
    assert len(first - read("b")) > 0
    none = {one.key for one in look(sent, made).objects if one.is_read}
    assert len(first) == len(none) + 5


def test_what_was_touched_since_this_workspace_noted_it_is_read_unasked(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    path = one(tmp_path, "m/*-es-419-*.opus")
    flip(path)
    told = verdicts(look(tmp_path, made))
    assert told == {f"m/{path.name}": "altered"}


def test_a_picture_that_feeds_name_and_that_is_gone_makes_them_dangle(
    made: Made, root: Path
) -> None:
    one(root, "m/corta-en-*.png").unlink()
    told = verdicts(look(root, made))
    assert set(told.values()) == {"dangling"}
    assert told.keys() <= {"corta/en.xml", "corta/en.json"}


def test_a_page_that_names_what_is_gone_dangles_where_pages_are_read(
    made: Made, root: Path
) -> None:
    sound = one(root, "m/*-en-*.mp3")
    sound.unlink()
    told = verdicts(look(root, made, EVERYTHING))
    assert told[f"m/{sound.name}"] == "missing"
    assert told["corta/en/corta-1.html"] == "dangling"


def test_strangers_are_told_and_those_that_belong_there_are_not(made: Made, root: Path) -> None:
    public = root / "public"
    (public / "robots.txt").write_text("User-agent: *")
    (public / "corta/en/evil.html").write_text("<p>Call 000</p>")
    (public / "Ñandú with spaces.txt").write_text("?")
    report = look(root, made)
    assert verdicts(report) == {
        "robots.txt": "foreign",
        "corta/en/evil.html": "foreign",
        "Ñandú with spaces.txt": "foreign",
    }
    assert report.code == ExitCode.FINDINGS
    report = look(root, made, Reading(known=("robots.txt", "*.txt")))
    assert verdicts(report) == {"corta/en/evil.html": "foreign"}


def test_what_was_corrected_and_came_back_is_still_there_though_it_was_withdrawn(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    sound = one(tmp_path, "m/*-en-*.mp3")
    kept = sound.read_bytes()
    new = altered(of(made, "en"), tmp_path, words="x")
    send(tmp_path, made, swap(made, new), now=NOON + timedelta(hours=1))
    assert not sound.exists()
    assert look(tmp_path, made, now=NOON + timedelta(hours=2)).code == ExitCode.OK
    sound.write_bytes(kept)
    report = look(tmp_path, made, now=NOON + timedelta(hours=2))
    assert verdicts(report) == {f"m/{sound.name}": "withdrawn"}
    assert report.code == ExitCode.TARGET


def test_a_feed_that_went_back_to_what_was_withdrawn_is_found(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    feed = tmp_path / "public/corta/en.xml"
    before = feed.read_bytes()
    new = altered(of(made, "en"), tmp_path, words="x")
    send(tmp_path, made, swap(made, new), now=NOON + timedelta(hours=1))
    feed.write_bytes(before)
    report = look(tmp_path, made, now=NOON + timedelta(hours=2))
    told = verdicts(report)
    assert told["corta/en.xml"] in {"withdrawn", "altered"}
    assert report.code == ExitCode.TARGET


def test_a_feed_that_shows_what_is_past_its_day_is_expired(made: Made, sent: Path) -> None:
    # The facts of the small workspace end on 2027-01-15.
    late = NOON + timedelta(days=60)
    report = look(sent, made, now=late)
    told = verdicts(report)
    assert report.code == ExitCode.EXPIRED
    assert {"corta/en.xml", "corta/es-419.xml", "corta/en.json"} <= told.keys()
    assert set(told.values()) <= {"expired", "outdated", "leftover"}
    problems = {one.key: one.problem for one in report.told()}
    assert "small/corta/corta-1/en/1, whose last day was 2027-01-15" in problems["corta/en.xml"]


def test_a_feed_with_an_item_that_was_never_released_is_altered(made: Made, root: Path) -> None:
    change(root / "public/corta/en.xml", b"corta-1/en/1<", b"corta-1/en/7<")
    report = look(root, made)
    (found,) = [one for one in report.told() if one.key == "corta/en.xml"]
    assert found.verdict == "altered"
    assert "never released" in found.problem


def test_what_another_ledger_published_there_is_told(made: Made, root: Path) -> None:
    ledger = root / "releases.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(line for line in lines if b'"language":"en"' not in line))
    report = look(root, made)
    assert verdicts(report)["publish.json"] == "ledger"
    assert report.code == ExitCode.TARGET


def test_lines_that_were_not_sent_yet_are_an_unfinished_publish(made: Made, root: Path) -> None:
    Ledger(root).append("removed", {"target": "public", "keys": ["m/none-000000000000.mp3"]})
    report = look(root, made)
    assert verdicts(report) == {"publish.json": "unfinished"}
    assert report.code == ExitCode.OK


def test_another_networks_place_and_an_empty_ledger_are_refused(
    made: Made, root: Path, tmp_path: Path
) -> None:
    with pytest.raises(ProductionError, match="knows of nothing that was published"):
        look(tmp_path / "nothing", made)
    change(root / "public/publish.json", b'"network":"small"', b'"network":"other"')
    with pytest.raises(ProductionError, match="belongs to the network other"):
        look(root, made)
