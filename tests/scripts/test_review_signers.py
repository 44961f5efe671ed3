"""Several reviewers of one text: who counts, and whose word is the last."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from programme.findings import Severity
from programme.reviews import (
    Need,
    ReviewResult,
    ReviewState,
)
from tests.scripts.sample_workspace import (
    SEGMENT,
    Changes,
    check,
    places,
)
from tests.scripts.signing import DAY, SOURCE, needs, read, sign

ALERT = SEGMENT.replace("kind: procedure", "kind: alert").replace("2027-01-31", "2026-12-01")


def alert(root: Path, *signatures: tuple[str, str, ReviewResult], days: Sequence[int] = ()) -> Need:
    """Give how an alert stands that was signed so, on days counted from DAY."""
    changes: Changes = {
        "scripts/asilo/segment.yml": ALERT.replace('review_by: "2026-12-20"\n', ""),
    }
    workspace = read(root / "before", changes)
    lines = [
        sign(
            workspace,
            "editorial",
            SOURCE,
            role=role,
            by=by,
            result=result,
            on=DAY + timedelta(days=day),
        )
        for (role, by, result), day in zip(signatures, days or [0] * len(signatures), strict=True)
    ]
    after = read(root / "after", {**changes, "reviews/asilo.yml": "".join(lines)})
    return needs(after)["editorial", SOURCE]


OK, NO = ReviewResult.APPROVED, ReviewResult.CHANGES_NEEDED
A_OK = ("editor", "A.", OK)


@pytest.mark.parametrize(
    ("signatures", "state"),
    [
        ([("editor", "", OK)], ReviewState.OPEN),
        ([("editor", "", OK), ("editor", "", OK)], ReviewState.OPEN),
        ([("editor", "A.", OK), ("producer", "a.", OK)], ReviewState.OPEN),
        ([("editor", "", OK), ("duty-officer", "", OK)], ReviewState.DONE),
        ([("editor", "A.", OK), ("editor", "B.", OK)], ReviewState.DONE),
        ([("editor", "A.", OK), ("editor", "B.", NO)], ReviewState.REFUSED),
        ([("editor", "A.", OK), ("editor", "B.", NO), ("editor", "B.", OK)], ReviewState.DONE),
        ([("editor", "", OK), ("language-reviewer", "", OK)], ReviewState.OPEN),
        ([("editor", "Red  Sur", OK), ("editor", "red sur ", OK)], ReviewState.OPEN),
        (
            [
                ("editor", "A.", OK),
                ("editor", "B.", NO),
                ("editor", "B.", OK),
                ("editor", "B.", NO),
            ],
            ReviewState.REFUSED,
        ),
        (
            [
                ("editor", "A.", OK),
                ("editor", "B.", OK),
                ("editor", "B.", NO),
                ("editor", "B.", OK),
            ],
            ReviewState.DONE,
        ),
    ],
)
def test_an_alert_needs_two_who_are_not_the_same(
    tmp_path: Path, signatures: list[tuple[str, str, ReviewResult]], state: ReviewState
) -> None:
    assert alert(tmp_path, *signatures).state is state


@pytest.mark.parametrize(
    ("results", "days", "state"),
    [
        ([OK, NO], [0, -300], ReviewState.REFUSED),
        ([NO, OK], [0, -300], ReviewState.REFUSED),
        ([NO, OK], [0, -1], ReviewState.DONE),
        ([NO, OK, OK], [0, -300, 0], ReviewState.DONE),
        ([OK, NO], [300, 0], ReviewState.REFUSED),
    ],
)
def test_a_refusal_outlives_clocks_that_were_set_back_and_merges(
    tmp_path: Path, results: list[ReviewResult], days: list[int], state: ReviewState
) -> None:
    """Neither its date nor where git put its line may take it away."""
    mine = [("editor", "B.", result) for result in results]
    assert alert(tmp_path, A_OK, *mine, days=[0, *days]).state is state


def test_an_alert_without_expiry_is_an_error_and_a_long_one_a_warning(tmp_path: Path) -> None:
    endless = ALERT.replace('expires: "2026-12-01"\n', "")
    _, findings = check(tmp_path / "a", {"scripts/asilo/segment.yml": endless})
    assert ("scripts/asilo/segment.yml:1", "segment.expires") in places(findings)
    last = ALERT.replace("2026-12-01", "2026-12-06").replace('review_by: "2026-12-20"\n', "")
    _, findings = check(tmp_path / "b", {"scripts/asilo/segment.yml": last})
    assert places(findings) == []
    _, findings = check(
        tmp_path / "c", {"scripts/asilo/segment.yml": last.replace("12-06", "12-07")}
    )
    [(place, rule)] = places(findings)
    assert rule == "review.alert-expiry"
    assert place.startswith("scripts/asilo/segment.yml:")
    assert [finding.severity for finding in findings] == [Severity.WARNING]
