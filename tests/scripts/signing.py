"""Workspaces whose reviews are signed, as a reviewer would sign them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from programme.reviews import Need, Review, ReviewKind, ReviewResult
from programme.units import LanguageTag
from scripts.read_reviews import render_review
from scripts.review_board import board_of
from scripts.workspace import Workspace
from tests.scripts.sample_workspace import NETWORK, Changes, check

REAL = NETWORK.replace("demo = true\n", "")
SOURCE, OTHER = LanguageTag("es-419"), LanguageTag("en")
DAY = date(2026, 11, 21)


def read(root: Path, changes: Changes | None = None) -> Workspace:
    workspace, findings = check(root, changes or {})
    assert workspace is not None, list(findings)
    return workspace


def needs(workspace: Workspace, *, explain: bool = True) -> dict[tuple[str, str], Need]:
    found = board_of(workspace, read=explain).needs()
    return {(need.rule.kind.value, need.language): need for need in found}


def sign(
    workspace: Workspace,
    kind: str,
    language: LanguageTag,
    *,
    role: str = "",
    by: str = "",
    result: ReviewResult = ReviewResult.APPROVED,
    on: date = DAY,
) -> str:
    """Give the line that a reviewer's signature on the present text makes."""
    board = board_of(workspace)
    segment = workspace.segments["asilo"]
    need = next(n for n in board.needs() if n.rule.kind.value == kind and n.language == language)
    bound = board.bound(segment, language, need.rule, heard=need.heard, read=True)
    assert bound is not None
    return render_review(
        Review(
            segment="asilo",
            language=language,
            kind=ReviewKind(kind),
            role=role or need.rule.roles[0],
            by=by,
            on=on,
            result=result,
            bound=bound,
            line=0,
        )
    )


def signed(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Changes:
    """Give the files of a workspace in which every review was signed."""
    workspace = read(root / "before", changes)
    lines = [sign(workspace, kind, LanguageTag(language)) for kind, language in needs(workspace)]
    return {**(changes or {}), "reviews/asilo.yml": "".join(lines)}
