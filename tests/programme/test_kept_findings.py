"""What was found is kept as it is shown: the same bytes, whether it was kept or is new."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import LEFT_OUT_RULES, Finding, Findings, Severity, tally_of
from programme.kept_findings import EVERY_KEY, KEYS, keep_findings, render_findings

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Also control characters, line separators and letters of every script."""
FOLDERS = ("scripts/a/", "scripts/a-b/", "scripts/a0/", "scripts/b/")
PLACES = (*FOLDERS, "scripts", "scripts/a", "facts/a.yml", "altavoz.toml", "scripts/b.txt")


def found(file: str) -> st.SearchStrategy[Finding]:
    return st.builds(
        Finding,
        file=st.just(file),
        line=st.integers(0, 3),
        rule=st.sampled_from(["words.raw-digits", "yaml.id", *LEFT_OUT_RULES]),
        severity=st.sampled_from(Severity),
        problem=WORDS,
        remedy=WORDS,
        allowed=st.sampled_from(["", "words of the law"]),
    )


IN_FOLDER = {
    folder: st.lists(
        st.sampled_from([f"{folder}{name}" for name in ("en.md", "es.md", "x/y.md")]).flatmap(
            found
        ),
        max_size=4,
    )
    for folder in FOLDERS
}
ANYWHERE = st.sampled_from(
    [place + "en.md" if place.endswith("/") else place for place in PLACES]
).flatmap(found)


def plainly(findings: list[Finding], keys: tuple[str, ...]) -> str:
    """Write them as the json module does, each on its line."""
    rows = [{key: asdict(one)[key] for key in keys} for one in findings]
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f"[\n{lines}\n]" if rows else "[]"


@given(st.fixed_dictionaries(IN_FOLDER), st.lists(ANYWHERE, max_size=6), st.data())
def test_kept_and_new_findings_are_shown_as_if_all_were_new(
    in_folder: dict[str, list[Finding]], loose: list[Finding], data: st.DataObject
) -> None:
    mixed, plain = Findings(), Findings()
    order: list[str | Finding] = [*in_folder, *loose]
    order = data.draw(st.permutations(order))
    for one in order:
        if isinstance(one, Finding):
            mixed.extend([one])
            plain.extend([one])
            continue
        kept = keep_findings(one, in_folder[one])
        assert kept is not None
        assert kept.tally == tally_of(in_folder[one])
        mixed.extend_kept(kept)
        plain.extend(in_folder[one])
    assert mixed.tally == plain.tally == tally_of(plain.items)
    assert len(mixed) == len(plain)
    assert (mixed.has_errors, mixed.stops_build) == (plain.has_errors, plain.stops_build)
    for keys in (EVERY_KEY, KEYS):
        for ascii_only in (False, True):
            shown = render_findings(mixed, keys, ascii_only=ascii_only)
            assert shown == render_findings(plain, keys, ascii_only=ascii_only)
        assert render_findings(plain, keys).decode() == plainly(list(plain), keys)
    assert list(mixed) == list(plain)


def test_findings_taken_over_stay_where_they_came() -> None:
    kept = keep_findings("scripts/a/", [one("scripts/a/en.md", "kept")])
    assert kept is not None
    some = Findings([one("x.md", "first")])
    more = Findings()
    more.extend([one("x.md", "second")])
    more.extend_kept(kept)
    more.extend([one("x.md", "third")])
    some.take_over(more)
    assert len(some) == 4
    some.leave_out("second")
    assert [f.rule for f in some.items] == ["first", "kept", "third"]


def one(file: str, rule: str, problem: str = "p") -> Finding:
    return Finding(file=file, line=1, rule=rule, problem=problem, remedy="r")


@pytest.mark.parametrize("file", ["scripts/a", "scripts/a-b/en.md", "facts/a.yml"])
def test_what_is_about_another_place_is_not_kept_with_a_folder(file: str) -> None:
    assert keep_findings("scripts/a/", [one("scripts/a/en.md", "r"), one(file, "r")]) is None


def test_half_of_a_letter_is_not_kept() -> None:
    findings = [one("scripts/a/en.md", "r", "\ud800")]
    assert keep_findings("scripts/a/", findings) is None
    shown = render_findings(Findings(findings), EVERY_KEY, errors="surrogatepass")
    assert json.loads(shown.decode("utf-8", "surrogatepass"))[0]["problem"] == "\ud800"


def test_a_folder_that_was_taken_over_twice_is_shown_twice() -> None:
    kept = keep_findings("scripts/a/", [one("scripts/a/en.md", "r")])
    assert kept is not None
    twice, plain = Findings(), Findings(kept.read() * 2)
    twice.extend_kept(kept)
    twice.extend_kept(kept)
    assert render_findings(twice, EVERY_KEY) == render_findings(plain, EVERY_KEY)
