"""Terminology: phrases that hurt, mislead or promise, found in titles and sentences.

What is to be avoided and why stands in data/terms and in a workspace's terms/, never here.
"""

from collections.abc import Sequence

from programme.findings import Findings, Severity
from programme.words import Script
from scripts.term_matching import Hit, found_in_script
from scripts.termbase import TermBase


def check_terms(
    script: Script,
    terms: TermBase,
    findings: Findings,
    *,
    rows: Sequence[Sequence[str]] | None = None,
) -> None:
    """Note every phrase to avoid that the script says; in a quotation as information.

    Args:
        script: the words.
        terms: what is to be avoided.
        findings: where to note.
        rows: what stands between the spaces of each sentence, where somebody has it already.
    """
    table = terms.of(script.language)
    if table is None:
        return
    for at, found in found_in_script(script, table, rows=rows).items():
        for hit in found.hits:
            findings.add(
                file=script.file,
                line=script.sentences[at - 1].line if at else script.title_line,
                rule=f"terms.{hit.concept}",
                severity=Severity.INFO if hit.quoted else hit.row.severity,
                problem=f"«{hit.said}»: {_reason(hit, terms)}",
                remedy=f"say: {hit.row.say}",
            )


def _reason(hit: Hit, terms: TermBase) -> str:
    reason = terms.concept(hit.concept).reason("en") or "a word to avoid"
    return reason + (" (in a quotation)" if hit.quoted else "")
