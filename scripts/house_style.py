"""The house style: what every script of a workspace is written and judged by."""

from dataclasses import dataclass
from functools import cache

from programme.digests import digest_text
from programme.units import Digest
from scripts.lexicon import Lexicon
from scripts.termbase import TermBase


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseStyle:
    """Terminology and pronunciation: the built-in ones, with the workspace's own over them."""

    terms: TermBase
    lexicon: Lexicon
    digest: Digest
    """Of what the workspace itself wrote in terms/ and lexicon/; changes when any of it does."""


@cache
def built_in_style() -> HouseStyle:
    """Give what holds where a workspace has no terms and no lexicon of its own."""
    return HouseStyle(terms=TermBase(), lexicon=Lexicon(), digest=digest_text(""))
