"""Files of reviews: read quickly or slowly to the same, refused where faulty, merged by git."""

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.findings import Findings
from programme.reviews import (
    Bound,
    Review,
    ReviewKind,
    ReviewResult,
)
from programme.units import Digest, LanguageTag
from scripts.read_reviews import parse_reviews, render_review
from tests.scripts.sample_workspace import (
    check,
    places,
)
from tests.scripts.signing import OTHER, SOURCE, read, sign

SHORT = st.text("0123456789abcdef", min_size=16, max_size=16)
WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"]), max_size=40
)
BOUND = st.builds(
    Bound,
    digest=st.text("0123456789abcdef", min_size=64, max_size=64).map(Digest),
    text=SHORT,
    spoken=SHORT,
    about=SHORT,
    until=st.just("") | st.dates().map(date.isoformat),
    facts=st.lists(
        st.builds(
            "{}:{}:{}".format,
            st.from_regex(r"[a-z][a-z0-9-]{0,9}[a-z0-9]", fullmatch=True),
            SHORT,
            SHORT,
        ),
        max_size=3,
    ).map(" ".join),
    terms=st.just("") | SHORT.map("trata:{}".format),
    heard=st.just("") | st.builds("{}:{}".format, SHORT, SHORT),
)
REVIEW = st.builds(
    Review,
    segment=st.just("asilo"),
    language=st.sampled_from(["es-419", "en", "quc", "fa-AF"]).map(LanguageTag),
    kind=st.sampled_from(ReviewKind),
    role=st.sampled_from(["editor", "language-reviewer", "r2"]),
    by=WORDS,
    on=st.dates(min_value=date(1000, 1, 1)),
    result=st.sampled_from(ReviewResult),
    bound=BOUND,
    note=WORDS,
    line=st.just(0),
)


def parse(text: str) -> list[Review]:
    findings = Findings()
    found = parse_reviews(text, segment="asilo", file="reviews/asilo.yml", findings=findings)
    assert list(findings) == []
    return list(found)


@given(st.lists(REVIEW, min_size=1, max_size=4))
def test_the_quick_reader_and_yaml_read_the_same(reviews: list[Review]) -> None:
    text = "".join(render_review(review) for review in reviews)
    # a document mark is YAML, and no line as the quick reader knows it
    slow = [replace(one, line=one.line - 1) for one in parse(f"---\n{text}")]
    assert parse(text) == slow


def test_a_file_written_by_hand_is_read(tmp_path: Path) -> None:
    text = (
        "- kind: editorial\n  role: editor\n  on: 2026-11-22\n  language: es-419\n"
        f"  result: approved\n  digest: {'a' * 64}\n"
    )
    [review] = parse(text)
    assert (review.kind, review.line, review.bound.facts) == (ReviewKind.EDITORIAL, 1, "")
    del tmp_path


@pytest.mark.parametrize(
    ("text", "place", "rule"),
    [
        ("kind: editorial\n", "reviews/asilo.yml:1", "review.form"),
        ("- editorial\n", "reviews/asilo.yml:1", "review.form"),
        ("<<<<<<< HEAD\n- {kind: editorial}\n=======\n", "reviews/asilo.yml:2", "yaml.syntax"),
        (
            (
                "- {kind: editorial, role: editor, on: 2026-11-22, language: es-419, "
                "result: approved, digest: abc}\n"
            ),
            "reviews/asilo.yml:1",
            "review.digest",
        ),
        (
            (
                f"- {{kind: editorial, role: editor, on: 22-11-2026, language: es-419, "
                f"result: approved, digest: {'a' * 64}}}\n"
            ),
            "reviews/asilo.yml:1",
            "yaml.not-date",
        ),
    ],
)
def test_a_fault_in_a_file_of_reviews_is_found(
    tmp_path: Path, text: str, place: str, rule: str
) -> None:
    _, findings = check(tmp_path, {"reviews/asilo.yml": text})
    assert (place, rule) in places(findings)


def test_reviews_of_a_segment_that_is_not_there_are_told(tmp_path: Path) -> None:
    _, findings = check(tmp_path, {"reviews/asil.yml": "- x\n"})
    assert ("reviews/asil.yml", "review.segment") in places(findings)


def test_two_who_signed_at_once_are_merged_by_git_line_by_line(tmp_path: Path) -> None:
    workspace = read(tmp_path / "workspace")
    first = sign(workspace, "editorial", SOURCE)
    left = sign(workspace, "legal", SOURCE, by="L.")
    right = sign(workspace, "language", OTHER, by="R.")
    for name, text in (("base", first), ("left", first + left), ("right", first + right)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    merged = subprocess.run(
        ["git", "merge-file", "-p", "--union", "left", "base", "right"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert [review.by for review in parse(merged)] == ["", "L.", "R."]
