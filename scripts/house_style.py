"""The house style: what every script of a workspace is written and judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from programme.digests import canonical_json, digest_text
from programme.findings import Findings
from programme.speakers import Speaker
from programme.units import Digest, LanguageTag
from scripts.speakers import NO_SPEAKERS, Speakers
from scripts.tree import Tree

if TYPE_CHECKING:
    from scripts.lexicon import Lexicon
    from scripts.termbase import TermBase


@dataclass(slots=True)
class _Made:
    """What was made of a style that a workspace did not write; nothing until it is asked for."""

    terms: "TermBase | None" = None
    lexicon: "Lexicon | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseStyle:
    """Terminology and pronunciation: the built-in ones, with the workspace's own over them."""

    own_terms: "TermBase | None" = None
    """None where the workspace wrote none."""
    own_lexicon: "Lexicon | None" = None
    digest: Digest
    """Of what the workspace itself wrote in terms/ and lexicon/, and of its speakers; changes when
    any of it does."""
    speakers: Speakers = NO_SPEAKERS
    """Who speaks in dialogues, and by which labels."""
    _made: _Made = field(default_factory=_Made, compare=False, repr=False)

    @property
    def terms(self) -> "TermBase":
        """The terminology."""
        found = self.own_terms or self._made.terms
        if found is None:
            from scripts.termbase import TermBase  # not for a check that finds nothing changed

            found = self._made.terms = TermBase()
        return found

    @property
    def lexicon(self) -> "Lexicon":
        """How words are said."""
        found = self.own_lexicon or self._made.lexicon
        if found is None:
            from scripts.lexicon import Lexicon

            found = self._made.lexicon = Lexicon()
        return found


@cache
def built_in_style() -> HouseStyle:
    """Give what holds where a workspace has no terms and no lexicon of its own."""
    return HouseStyle(digest=digest_text(""))


def read_house_style(
    tree: Tree,
    *,
    languages: Sequence[LanguageTag] | None,
    findings: Findings,
    speakers: Mapping[str, Speaker] | None = None,
) -> HouseStyle:
    """Give the built-in style with the workspace's own terms/ and lexicon/ over it.

    Args:
        tree: the workspace.
        languages: the network's; None where altavoz.toml could not be read.
        findings: takes what is wrong in those files.
        speakers: the network's, by id.
    """
    style = _read_own(tree, languages=languages, findings=findings)
    if not speakers:
        return style
    own = Speakers(by_id=speakers, languages=tuple(languages or ()))
    digest = digest_text(canonical_json([style.digest, own.plain()]))
    return replace(style, speakers=own, digest=digest)


def _read_own(
    tree: Tree, *, languages: Sequence[LanguageTag] | None, findings: Findings
) -> HouseStyle:
    if not any(map(tree.holds_anything, ("terms", "lexicon"))):
        return built_in_style()
    from scripts.lexicon import Lexicon
    from scripts.own_terms import read_own_terms
    from scripts.read_lexicon import read_lexicon

    lexicon = read_lexicon(tree, languages, findings)
    terms = read_own_terms(tree, findings=findings)
    built_in = built_in_style()
    if lexicon == Lexicon() and terms.digest == built_in.terms.digest:
        return built_in
    return HouseStyle(
        own_terms=terms,
        own_lexicon=lexicon,
        digest=digest_text(canonical_json([lexicon.digest, terms.digest])),
    )
