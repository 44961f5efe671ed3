"""The house style: what every script of a workspace is written and judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from programme.digests import canonical_json, digest_text
from programme.findings import Findings
from programme.units import Digest, LanguageTag
from scripts.lexicon import Lexicon
from scripts.own_terms import read_own_terms
from scripts.read_lexicon import read_lexicon
from scripts.termbase import TermBase
from scripts.tree import Tree


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


def read_house_style(
    tree: Tree, *, languages: Sequence[LanguageTag] | None, findings: Findings
) -> HouseStyle:
    """Give the built-in style with the workspace's own terms/ and lexicon/ over it.

    Args:
        tree: the workspace.
        languages: the network's; None where altavoz.toml could not be read.
        findings: takes what is wrong in those files.
    """
    lexicon = read_lexicon(tree, languages, findings)
    terms = read_own_terms(tree, findings=findings)
    built_in = built_in_style()
    if lexicon == Lexicon() and terms.digest == built_in.terms.digest:
        return built_in
    return HouseStyle(
        terms=terms,
        lexicon=lexicon,
        digest=digest_text(canonical_json([lexicon.digest, terms.digest])),
    )
