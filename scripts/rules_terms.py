"""Terminology: phrases that hurt, mislead or promise, found in titles and sentences.

What is to be avoided and why stands in data/terms and in a workspace's terms/, never here.
"""

from programme.findings import Findings, Severity
from programme.words import Script
from scripts.term_matching import Hit
from scripts.termbase import TermBase


def check_terms(script: Script, terms: TermBase, findings: Findings) -> None:
    """Note every phrase to avoid that the script says; in a quotation as information."""
    table = terms.of(script.language)
    if table is None:
        return
    lines = [(script.title_line, script.title)]
    lines += [(sentence.line, sentence.text) for sentence in script.sentences]
    for line, text in lines:
        for hit in table.find(text).hits:
            findings.add(
                file=script.file,
                line=line,
                rule=f"terms.{hit.concept}",
                severity=Severity.INFO if hit.quoted else hit.row.severity,
                problem=f"«{hit.said}»: {_reason(hit, terms)}",
                remedy=f"say: {hit.row.say}",
            )


def _reason(hit: Hit, terms: TermBase) -> str:
    reason = terms.concept(hit.concept).reason("en") or "a word to avoid"
    return reason + (" (in a quotation)" if hit.quoted else "")
