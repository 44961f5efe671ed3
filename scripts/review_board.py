"""Which reviews are needed, done and open: signatures held against the present words.

Nothing is computed for a text that nobody has signed, so that a workspace without reviews pays
nothing for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from programme.reviews import (
    Bound,
    Need,
    Review,
    ReviewPolicy,
    ReviewResult,
    ReviewRule,
    ReviewState,
    Subject,
)
from programme.segments import Segment
from programme.units import LanguageTag
from programme.words import Translation, TranslationState
from scripts.factbook import FactBook
from scripts.read_recordings import RecordedTake
from scripts.read_reviews import Reviews, newest
from scripts.review_digests import (
    FactDigests,
    TermDigests,
    about_digest,
    bind,
    binding_digest,
    changes,
    heard_digest,
    heard_names,
    text_digest,
    until_text,
)
from scripts.summaries import Summary
from scripts.take_standing import speaks

if TYPE_CHECKING:
    from scripts.termbase import TermBase
    from scripts.workspace import Workspace

CLOCKS_DIFFER = timedelta(days=1)
"""The day of two people who sign at one moment on the two sides of the date line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What reviews are judged from."""

    policy: ReviewPolicy
    source_language: LanguageTag
    languages: tuple[LanguageTag, ...]
    segments: Mapping[str, Segment]
    summaries: Mapping[tuple[str, LanguageTag], Summary]
    translations: Mapping[tuple[str, LanguageTag], Translation]
    """The same keys; read only to tell what changed."""
    recordings: Mapping[tuple[str, LanguageTag], RecordedTake]
    book: FactBook
    terms: "TermBase"
    reviews: Reviews


class ReviewBoard:
    """Judges every review that the segments of a workspace need."""

    def __init__(self, about: Reviewed, *, read: bool = False) -> None:
        """Take what is judged.

        Args:
            about: the workspace's values.
            read: read texts that changed, to say more of what changed, and the bytes of the
                recordings that were signed; a check of thousands does without.
        """
        self.about = about
        self.read = read
        self.policy = about.policy
        self.facts = FactDigests(about.book)
        self.terms = TermDigests(about.terms)
        self._rules: dict[tuple[object, ...], tuple[ReviewRule, ...]] = {}
        self._about: dict[str, str] = {}
        self._heard: dict[tuple[str, LanguageTag], str] = {}

    def needs(
        self, segments: Iterable[str] | None = None, languages: Iterable[LanguageTag] | None = None
    ) -> Iterator[Need]:
        """Give every review that is needed, by segment and language, the source first.

        A text that may not air anyway, because it is stale, faulty or missing, needs none yet.

        Args:
            segments: ids; None for all.
            languages: what an edition in each of these needs, the source's reviews included;
                None for all languages.
        """
        source = self.about.source_language
        others = self.about.languages if languages is None else languages
        wanted = dict.fromkeys([source, *others])
        for name in self.about.segments if segments is None else segments:
            segment = self.about.segments.get(name)
            if segment is None:
                continue
            rules = self.rules(segment)
            for tag in wanted:
                yield from self._needs(segment, tag, rules)

    def rules(self, segment: Segment) -> tuple[ReviewRule, ...]:
        """Give the rules that hold for a segment, in any language."""
        key = (segment.kind, segment.sensitivity, segment.audiences, segment.topics)
        found = self._rules.get(key)
        if found is None:
            found = tuple(rule for rule in self.policy.rules if holds(rule, segment))
            self._rules[key] = found
        return found

    def bound(
        self,
        segment: Segment,
        tag: LanguageTag,
        rule: ReviewRule,
        *,
        heard: bool,
        read: bool,
        then: str = "",
    ) -> Bound | None:
        """Give what a signature under a rule is bound to now; None where nothing can be signed.

        Args:
            segment: what is reviewed.
            tag: in which language.
            rule: under which rule.
            heard: whether the reviewer listens to the recording.
            read: look at the text as typed too, to tell a changed text from other changes.
            then: what an earlier signature says of the recording.
        """
        words = self.words(segment.id, tag)
        subjects = self._subjects(segment.id, tag, words)
        if words is None or not any(one.is_heard == heard for one in subjects):
            return None
        script = self.about.translations[words.segment, words.language].script if read else None
        return bind(
            words.words_digest,
            words.facts,
            segment,
            parts=self.policy.binds.get(rule.kind, frozenset()),
            facts=self.facts,
            language=tag,
            terms=self.terms.used(script, words.language) if script else "",
            heard=self.heard(segment.id, tag, then) if heard else "",
            text=text_digest(script) if script else "",
        )

    def heard(self, segment: str, tag: LanguageTag, then: str = "") -> str:
        """Give the digests of a recording; empty where there is none.

        Held against an earlier signature by a board that does not read, the bytes are taken for
        those that were heard while names and sizes are.

        Raises:
            ProductionError: a file cannot be read.
        """
        take = self.about.recordings.get((segment, tag))
        if take is None:
            return ""
        if then and not self.read:
            names = heard_names(take.files)
            return then if then.partition(":")[0] == names else names
        key = (segment, tag)
        if key not in self._heard:
            self._heard[key] = heard_digest(take.files)
        return self._heard[key]

    def words(self, segment: str, tag: LanguageTag) -> Summary | None:
        """Give the words that air: the text, or the source's where only a recording exists."""
        summary = self.about.summaries.get((segment, tag))
        if summary is not None and summary.state is TranslationState.MISSING:
            summary = self.about.summaries.get((segment, self.about.source_language))
        if summary is None or not summary.state.may_air or not summary.has_words:
            return None
        return summary

    def _needs(
        self, segment: Segment, tag: LanguageTag, rules: tuple[ReviewRule, ...]
    ) -> Iterator[Need]:
        words = self.words(segment.id, tag)
        subjects = self._subjects(segment.id, tag, words)
        if words is None or not subjects:
            return
        signed = self.about.reviews.by_segment.get(segment.id, ())
        mine = [review for review in signed if review.language == tag]
        facts = self.facts.told(words.facts, tag) if mine else ""
        seen: set[tuple[object, ...]] = set()
        for rule in rules:
            if rule.languages and not _speaks(tag, rule.languages):
                continue
            for heard in {one.is_heard: one for one in rule.of if one in subjects}:
                key = (rule.kind, rule.roles, rule.reviewers, heard)
                if key in seen:
                    continue  # two rules that ask for the same ask once
                seen.add(key)
                kind = rule.kind
                given = [r for r in mine if r.kind is kind and bool(r.bound.heard) == heard]
                if given:
                    bound = self._bound(segment, words, facts, rule, given)
                    yield self._judge(segment, tag, rule, heard=heard, signed=given, bound=bound)
                else:
                    yield _open(segment, tag, rule, heard=heard)

    def _bound(
        self,
        segment: Segment,
        words: Summary,
        facts: str,
        rule: ReviewRule,
        signed: list[Review],
    ) -> list[Review]:
        """Give the signatures that hold for what is there now: the same as ``bound`` would tell.

        The terms are those that the signature names; a text that uses others is another text.
        """
        about = self._about.get(segment.id)
        if about is None:
            about = self._about[segment.id] = about_digest(segment)
        until = until_text(segment.expires)
        parts = self.policy.binds.get(rule.kind, frozenset())
        found = []
        for review in signed:
            then = review.bound
            if then.terms and self.terms.now(then.terms, words.language) != then.terms:
                continue
            heard = self.heard(segment.id, review.language, then.heard) if then.heard else ""
            digest = binding_digest(
                words.words_digest, facts, then.terms, until, about, heard, parts
            )
            if digest == then.digest:
                found.append(review)
        return found

    def _judge(
        self,
        segment: Segment,
        tag: LanguageTag,
        rule: ReviewRule,
        *,
        heard: bool,
        signed: list[Review],
        bound: list[Review],
    ) -> Need:
        state, approvals = ReviewState.OPEN, 0
        reasons: tuple[str, ...] = ()
        last = newest(signed)
        verdicts = _verdicts(bound)
        approvals = sum(
            review.result is ReviewResult.APPROVED and review.role in rule.roles
            for review in verdicts
        )
        refusals = [r for r in verdicts if r.result is ReviewResult.CHANGES_NEEDED]
        if refusals:
            state = ReviewState.REFUSED
            reasons = tuple(_asks(review) for review in refusals)
        elif approvals >= rule.reviewers:
            state = ReviewState.DONE
        elif bound:
            reasons = _too_few(bound, rule, approvals)
        elif last is not None:
            state = ReviewState.REOPENED
            then = last.bound.heard
            present = self.bound(segment, tag, rule, heard=heard, read=self.read, then=then)
            parts = self.policy.binds.get(rule.kind, frozenset())
            if present is not None:
                terms = self.terms.now(last.bound.terms, tag)
                reasons = changes(last.bound, replace(present, terms=terms), parts=parts)
        return Need(
            segment=segment.id,
            language=tag,
            rule=rule,
            heard=heard,
            state=state,
            approvals=approvals,
            reasons=reasons,
            last=last,
        )

    def _subjects(
        self, segment: str, tag: LanguageTag, words: Summary | None
    ) -> tuple[Subject, ...]:
        """Say as what a segment could air in a language; nothing where it cannot."""
        summary = self.about.summaries.get((segment, tag))
        if summary is None or words is None:
            return ()
        take = self.about.recordings.get((segment, tag))
        fits = take is not None and speaks(take, words, self.about.translations)
        if summary.state is TranslationState.MISSING:
            return (Subject.UNWRITTEN, Subject.RECORDING) if fits else ()
        is_source = summary.state is TranslationState.SOURCE
        written = (Subject.SOURCE if is_source else Subject.TRANSLATION,)
        return (*written, Subject.RECORDING) if fits else written


def board_of(workspace: "Workspace", *, read: bool = False) -> ReviewBoard:
    """Give the board of a workspace; ``read`` as for the board."""
    return ReviewBoard(
        Reviewed(
            policy=workspace.network.reviews,
            source_language=workspace.network.source_language,
            languages=workspace.network.languages,
            segments=workspace.segments,
            summaries=workspace.summaries,
            translations=workspace.translations,
            recordings=workspace.recordings,
            book=workspace.factbook,
            terms=workspace.style.terms,
            reviews=workspace.reviews,
        ),
        read=read,
    )


def holds(rule: ReviewRule, segment: Segment) -> bool:
    """Tell whether a rule is about a segment."""
    if segment.kind in rule.except_segments:
        return False
    if rule.segments and segment.kind not in rule.segments:
        return False
    if not (rule.sensitivity or rule.audiences or rule.topics):
        return True
    return (
        segment.sensitivity == rule.sensitivity
        or not rule.audiences.isdisjoint(segment.audiences)
        or not rule.topics.isdisjoint(segment.topics)
    )


def _speaks(tag: LanguageTag, languages: frozenset[str]) -> bool:
    return any(tag == one or tag.startswith(f"{one}-") for one in languages)


def _verdicts(bound: list[Review]) -> list[Review]:
    """Give the latest verdict of each signer on the present text.

    A refusal ends with an approval that stands below it and is not older than it: neither a clock
    that was set back nor a merge of two branches takes it away.
    """
    if len(bound) < 2:
        return bound
    found: dict[str, Review] = {}
    for review in sorted(bound, key=lambda one: one.line):
        before = found.get(review.signer, review)
        refused = before.result is ReviewResult.CHANGES_NEEDED
        if not refused or before.on - review.on <= CLOCKS_DIFFER:
            found[review.signer] = review
    return list(found.values())


def _open(segment: Segment, tag: LanguageTag, rule: ReviewRule, *, heard: bool) -> Need:
    """Give a review that nobody has signed."""
    return Need(
        segment=segment.id,
        language=tag,
        rule=rule,
        heard=heard,
        state=ReviewState.OPEN,
        approvals=0,
    )


def _asks(review: Review) -> str:
    who = review.by or review.role
    return f"{who} asks for changes" + (f": {review.note}" if review.note else "")


def _too_few(bound: list[Review], rule: ReviewRule, approvals: int) -> tuple[str, ...]:
    roles = sorted({review.role for review in bound} - set(rule.roles))
    if roles and not approvals:
        return (f"signed as {', '.join(roles)}, which does not count here",)
    return (f"{approvals} of {rule.reviewers} different reviewers have approved",)
