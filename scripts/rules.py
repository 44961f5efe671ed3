"""Rules of plain, safe speech: whether a script that can be read can also be understood.

Each group of rules is a module of its own; all of them work on one Reading, so that a sentence is
taken apart once. What they look for is data, by language.
"""

from programme.findings import Findings
from programme.segments import Segment
from programme.words import Script
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle
from scripts.reading import read_script_words
from scripts.rules_address import check_address
from scripts.rules_hard_words import check_hard_words, check_long_words
from scripts.rules_identity import check_identity
from scripts.rules_kinds import check_kind
from scripts.rules_readability import check_readability
from scripts.rules_safety import check_safety
from scripts.rules_sentences import check_sentences
from scripts.rules_terms import check_terms
from scripts.syllables import counts_syllables


def check_script(
    script: Script,
    segment: Segment,
    *,
    book: FactBook,
    style: HouseStyle,
    findings: Findings,
    is_source: bool = True,
) -> None:
    """Check one script that was read without errors; changes nothing, notes everything.

    Args:
        script: the words.
        segment: what they are for.
        book: facts and contacts that they may speak.
        style: the house's terminology.
        findings: where to note.
        is_source: whether this is the source language; what is true of the segment as a whole is
            noted there only, not once a language.
    """
    reading = read_script_words(script, segment, book=book, findings=findings)
    check_sentences(reading)
    check_hard_words(reading)
    if counts_syllables(script.language):
        check_long_words(reading)
        check_readability(reading)
    check_terms(script, style.terms, findings, rows=[one.tokens for one in reading.sentences])
    check_address(reading)
    check_kind(reading, is_source=is_source)
    check_safety(reading)
    check_identity(reading)
