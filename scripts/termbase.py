"""The term base: words that hurt, mislead or promise, by concept and language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from programme.digests import digest_text
from programme.units import Digest, LanguageTag
from scripts.made_tables import made_once
from scripts.term_concepts import Concept, LanguageTerms, TermData
from scripts.term_matching import TermTable
from scripts.term_phrases import PhraseLists, phrase_lists

_NONE = digest_text("")


@dataclass(slots=True)
class _Memo:
    """What is made when it is first asked for."""

    everything: TermData | None = None
    tables: dict[LanguageTag, TermTable | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermBase:
    """The built-in concepts, with a workspace's own over them."""

    own: Mapping[str, Concept] = field(default_factory=dict)
    """Whole concepts that stand in the place of the built-in ones, or beside them."""
    own_denials: Mapping[LanguageTag, tuple[str, ...]] = field(default_factory=dict)
    digest: Digest = _NONE
    """Of the files read from the workspace; the same while none of them changes."""
    _memo: _Memo = field(default_factory=_Memo, compare=False, repr=False)

    @property
    def everything(self) -> TermData:
        """Every concept by id, sorted, and the words of denial."""
        if self._memo.everything is None:
            from scripts.read_terms import built_in_terms  # most texts say nothing of any concept

            base = built_in_terms()
            self._memo.everything = TermData(
                concepts=dict(sorted({**base.concepts, **self.own}.items())),
                denials={**base.denials, **self.own_denials},
                joins=base.joins,
            )
        return self._memo.everything

    def concept(self, id_: str) -> Concept:
        """Give a concept.

        Raises:
            KeyError: nobody wrote it.
        """
        return self.everything.concepts[id_]

    def of(self, language: LanguageTag) -> TermTable | None:
        """Give the terms of a language, ready for matching; None where nothing is known of it.

        es-MX has what is written for es and what is written for es-MX.
        """
        tables = self._memo.tables
        if language not in tables:
            tables[language] = self._table(language)
        return tables[language]

    def _table(self, language: LanguageTag) -> TermTable | None:
        if self.own or self.own_denials:
            lists = self._lists(language)
        else:
            lists = made_once(f"terms-{language}", PhraseLists, lambda: self._lists(language))
        return TermTable(lists) if lists.by_word else None

    def _lists(self, language: LanguageTag) -> PhraseLists:
        rows: list[tuple[Concept, LanguageTerms]] = [
            (concept, terms)
            for concept in self.everything.concepts.values()
            for tag, terms in concept.terms.items()
            if language == tag or language.startswith(f"{tag}-")
        ]
        base = LanguageTag(language.partition("-")[0])
        denials, joins = (
            words.get(base, ()) for words in (self.everything.denials, self.everything.joins)
        )
        return phrase_lists(rows, denials, joins)
