"""Reviews: what is needed, what a signature binds, and what opens it again."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from programme.findings import Severity
from programme.reviews import (
    ReviewKind,
    ReviewState,
)
from scripts.review_policy import built_in_policy, role_of
from tests.scripts.sample_workspace import (
    CONTACT,
    EN,
    ES,
    FACT,
    NETWORK,
    SEGMENT,
    Changes,
    check,
    places,
)
from tests.scripts.signing import OTHER, REAL, SOURCE, needs, read, signed

# --- What is needed ---------------------------------------------------------------------------


def test_a_procedure_needs_editor_lawyer_and_a_speaker_of_each_translation(tmp_path: Path) -> None:
    found = needs(read(tmp_path))
    assert set(found) == {("editorial", SOURCE), ("legal", SOURCE), ("language", OTHER)}
    assert {need.state for need in found.values()} == {ReviewState.OPEN}


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (("kind: procedure", "kind: awareness"), {"editorial", "language"}),
        (
            ("[refugees]", "[unaccompanied-children]"),
            {"editorial", "language", "legal", "protection"},
        ),
        (("normal", "protected"), {"editorial", "language", "legal", "protection"}),
        (("kind: procedure", "kind: drama"), {"editorial", "language", "community"}),
        (("kind: procedure", "kind: alert"), {"editorial", "language"}),
    ],
)
def test_kind_audience_and_sensitivity_decide(
    tmp_path: Path, change: tuple[str, str], kinds: set[str]
) -> None:
    found = needs(read(tmp_path, {"scripts/asilo/segment.yml": SEGMENT.replace(*change)}))
    assert {kind for kind, _ in found} == kinds


def test_a_stale_translation_needs_no_review_yet(tmp_path: Path) -> None:
    changes: Changes = {"scripts/asilo/es-419.md": ES.replace("sin pagar", "gratis")}
    assert ("language", OTHER) not in needs(read(tmp_path, changes))


def test_a_workspace_changes_the_rules_in_its_own_file(tmp_path: Path) -> None:
    own = """
[reviews]
required = false
[reviews.roles]
abuela = "grandmother who is listened to"
[reviews.rules.legal]
off = true
[reviews.rules.language]
reviewers = "2"
[reviews.rules.consejo]
kind = "community"
of = ["source", "translation"]
roles = ["abuela"]
topics = ["asylum"]
languages = ["en"]
"""
    workspace = read(tmp_path, {"altavoz.toml": NETWORK + own})
    found = needs(workspace)
    assert set(found) == {("editorial", SOURCE), ("language", OTHER), ("community", OTHER)}
    assert found["language", OTHER].rule.reviewers == 2
    assert found["language", OTHER].rule.roles == ("language-reviewer",)
    assert not workspace.network.reviews.required
    assert role_of(workspace.network.reviews, "Abuela") == "abuela"


@pytest.mark.parametrize(
    ("own", "line", "rule"),
    [
        ("[reviews]\nrequird = false\n", 2, "toml.unknown-key"),
        ("[reviews]\nrequired = 'perhaps'\n", 2, "toml.not-flag"),
        ("[reviews.rules.legal]\nroles = ['judge']\n", 2, "toml.not-choice"),
        ("[reviews.rules.legal]\nreviewers = '0'\n", 2, "toml.not-number"),
        ("[reviews.rules.own]\nkind = 'legal'\nroles = ['editor']\n", 1, "toml.missing-key"),
        (
            "[reviews.rules.own]\nkind = 'legl'\nof = ['source']\nroles = ['editor']\n",
            2,
            "toml.not-choice",
        ),
        ("[reviews.rules]\nlegal = 'off'\n", 2, "toml.not-table"),
        ("[reviews.rules.legal]\nlanguages = ['Englisch!']\n", 2, "toml.not-choice"),
    ],
)
def test_a_fault_in_the_rules_is_found_at_its_line(
    tmp_path: Path, own: str, line: int, rule: str
) -> None:
    _, findings = check(tmp_path, {"altavoz.toml": f"{NETWORK}\n{own}"})
    at = NETWORK.count("\n") + 1 + line
    assert (f"altavoz.toml:{at}", rule) in places(findings)


def test_the_built_in_rules_name_roles_and_parts_that_exist() -> None:
    policy = built_in_policy()
    assert set(policy.binds) == set(ReviewKind)
    assert {role for rule in policy.rules for role in rule.roles} <= set(policy.roles)


# --- What a signature binds -------------------------------------------------------------------


def test_signed_by_all_nothing_is_open(tmp_path: Path) -> None:
    workspace = read(tmp_path / "after", signed(tmp_path))
    assert {need.state for need in needs(workspace).values()} == {ReviewState.DONE}


REOPENS: Mapping[str, tuple[dict[str, str], dict[tuple[str, str], str]]] = {
    "a word of the source": (
        {
            "scripts/asilo/es-419.md": ES.replace("sin pagar", "sin pagar nada"),
        },
        {("editorial", SOURCE): "the text changed", ("legal", SOURCE): "the text changed"},
    ),
    "a word of the translation": (
        {"scripts/asilo/en.md": EN.replace("without paying", "free of charge")},
        {("language", OTHER): "the text changed"},
    ),
    "the number": (
        {"facts/linea.yml": CONTACT.replace('"000"', '"001"').replace('000"', '001"')},
        {
            ("editorial", SOURCE): "the fact linea changed",
            ("legal", SOURCE): "the fact linea changed",
            ("language", OTHER): "the fact linea changed",
        },
    ),
    "what the fact says in one language": (
        {
            "facts/asylum-free.yml": FACT.replace(
                "asking for asylum is free", "asylum costs nothing"
            )
        },
        {("language", OTHER): "the fact asylum-free changed"},
    ),
    "the status of a fact": (
        {"facts/asylum-free.yml": FACT.replace("status: demo", "status: active")},
        {
            ("editorial", SOURCE): "the fact asylum-free changed",
            ("legal", SOURCE): "the fact asylum-free changed",
            ("language", OTHER): "the fact asylum-free changed",
        },
    ),
    "until when a fact holds": (
        {"facts/asylum-free.yml": FACT.replace("2027-01-31", "2027-02-28")},
        {
            ("editorial", SOURCE): "who vouches for asylum-free, or until when, changed",
            ("legal", SOURCE): "who vouches for asylum-free, or until when, changed",
        },
    ),
    "until when the segment holds": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("2027-01-31", "2027-02-28")},
        {
            ("editorial", SOURCE): "the expiry changed from 2027-01-31 to 2027-02-28",
            ("legal", SOURCE): "the expiry changed from 2027-01-31 to 2027-02-28",
        },
    ),
    "for whom it is": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("[refugees]", "[refugees, women]")},
        {
            (kind, SOURCE): "kind, sensitivity, audiences, countries, topics or consent changed"
            for kind in ("editorial", "legal")
        },
    ),
    "a fact that is spoken no more": (
        {
            name: "".join(line for line in text.splitlines(keepends=True) if "linea" not in line)
            for name, text in (
                ("scripts/asilo/es-419.md", ES),
                ("scripts/asilo/en.md", EN),
            )
        },
        {
            (kind, SOURCE): "the text changed; linea is not spoken any more"
            for kind in ("editorial", "legal")
        },
    ),
    "verified again, with the same value": (
        {
            "facts/asylum-free.yml": FACT.replace(
                'verified_on: "2026-11-22"', 'verified_on: "2026-11-21"'
            )
        },
        {},
    ),
    "what only the makers read": (
        {"scripts/asilo/segment.yml": SEGMENT.replace("Pedir refugio es gratis.", "Es gratis.")},
        {},
    ),
}


@pytest.mark.parametrize("name", REOPENS)
def test_a_change_opens_again_what_it_concerns_and_says_why(tmp_path: Path, name: str) -> None:
    changed, expected = REOPENS[name]
    workspace = read(tmp_path / "after", {**signed(tmp_path), **changed})
    found = {key: "; ".join(need.reasons) for key, need in needs(workspace).items() if need.is_open}
    assert found == expected
    assert all(need.state is not ReviewState.OPEN for need in needs(workspace).values())


TERM = """\
concepts:
  - id: payment
    sources: ["House"]
    reason: {en: "Some pay in kind."}
    terms:
      en:
        avoid:
          - row: paying
            patterns: ["paying"]
            say: "giving anything"
            severity: warning
            bad: ["Go without paying."]
            good: ["Go."]
"""


def test_a_term_of_the_workspace_opens_the_texts_that_use_it(tmp_path: Path) -> None:
    before = signed(tmp_path, {"terms/own.yml": TERM})
    workspace = read(tmp_path / "same", before)
    assert {need.state for need in needs(workspace).values()} == {ReviewState.DONE}
    other = {**before, "terms/own.yml": TERM.replace("Some pay in kind.", "It is free.")}
    found = needs(read(tmp_path / "other", other))
    assert {key: need.reasons for key, need in found.items() if need.is_open} == {
        ("language", OTHER): ("the term payment changed",)
    }
    gone = needs(read(tmp_path / "gone", {**before, "terms/own.yml": None}))
    assert [key for key, need in gone.items() if need.is_open] == [("language", OTHER)]


def test_a_check_says_why_without_reading_the_text_again(tmp_path: Path) -> None:
    changes = {
        **signed(tmp_path, {"altavoz.toml": REAL}),
        "scripts/asilo/en.md": EN.replace("without paying", "free of charge"),
    }
    workspace = read(tmp_path / "after", changes)
    assert needs(workspace, explain=False)["language", OTHER].reasons == ("the words changed",)


def test_a_digest_edited_by_hand_binds_nothing(tmp_path: Path) -> None:
    changes = signed(tmp_path)
    text = changes["reviews/asilo.yml"]
    assert isinstance(text, str)
    forged = text.replace('"digest": "', '"digest": "0')[: len(text)]
    lines = [line[:-66] + "0" * 64 + line[-2:] for line in text.splitlines()]
    workspace = read(tmp_path / "after", {**changes, "reviews/asilo.yml": "\n".join(lines) + "\n"})
    assert forged != text
    assert {need.reasons for need in needs(workspace).values()} == {
        ("its digest is not that of the present text",)
    }


def test_a_signature_of_one_kind_is_none_of_another(tmp_path: Path) -> None:
    changes = signed(tmp_path)
    text = changes["reviews/asilo.yml"]
    assert isinstance(text, str)
    [legal] = [line for line in text.splitlines() if '"legal"' in line]
    moved = legal.replace('"legal"', '"language"').replace('"es-419"', '"en"')
    workspace = read(tmp_path / "after", {**changes, "reviews/asilo.yml": moved + "\n"})
    assert needs(workspace)["language", OTHER].state is ReviewState.REOPENED


# --- What a check says ------------------------------------------------------------------------


def test_who_never_used_reviews_is_told_once(tmp_path: Path) -> None:
    _, findings = check(tmp_path, {"altavoz.toml": REAL})
    assert [(f.rule, f.severity) for f in findings] == [("review.none", Severity.INFO)]


def test_who_only_rehearses_is_told_nothing(tmp_path: Path) -> None:
    _, findings = check(tmp_path, {})
    assert places(findings) == []


def test_open_reviews_are_one_warning_for_each_segment(tmp_path: Path) -> None:
    before = signed(tmp_path, {"altavoz.toml": REAL})
    _, findings = check(tmp_path / "a", before)
    assert places(findings) == []
    broken = {
        **before,
        "facts/linea.yml": CONTACT.replace('"000"', '"001"').replace('000"', '001"'),
    }
    _, findings = check(tmp_path / "b", broken)
    [found] = [finding for finding in findings if finding.rule.startswith("review.")]
    assert (found.rule, found.severity) == ("review.open", Severity.WARNING)
    assert "linea" in found.problem
