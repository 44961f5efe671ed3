"""Which reviews are needed, done and open: signatures held against the present words.

Nothing is computed for a text that nobody has signed, so that a workspace without reviews pays
nothing for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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
from programme.words import Script, Translation, TranslationState
from scripts.factbook import FactBook
from scripts.read_recordings import RecordedTake
from scripts.read_reviews import Reviews, newest
from scripts.review_digests import (
    FactDigests,
    about_digest,
    bind,
    binding_digest,
    changes,
    heard_digest,
    until_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What reviews are judged from."""

    policy: ReviewPolicy
    source_language: LanguageTag
    segments: Mapping[str, Segment]
    translations: Mapping[tuple[str, LanguageTag], Translation]
    recordings: Mapping[tuple[str, LanguageTag], RecordedTake]
    book: FactBook
    reviews: Reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a reviewer reads or hears for one need."""

    script: Script
    heard: str
    """Digest of the recording; empty where the text is read."""


class ReviewBoard:
    """Judges every review that the segments of a workspace need."""

    def __init__(self, about: Reviewed) -> None:
        self.about = about
        self.policy = about.policy
        self.facts = FactDigests(about.book)
        self._rules: dict[tuple[object, ...], tuple[ReviewRule, ...]] = {}

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
        tags = dict.fromkeys(tag for _, tag in self.about.translations)
        source = self.about.source_language
        wanted = tags if languages is None else dict.fromkeys([source, *languages])
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

    def basis(self, segment: str, tag: LanguageTag, *, heard: bool) -> Basis | None:
        """Give what is reviewed: a text that may air, or a recording of it; None for neither."""
        subjects = self._subjects(segment, tag)
        script = self._script(segment, tag)
        if script is None or not any(one.is_heard == heard for one in subjects):
            return None
        take = self.about.recordings.get((segment, tag))
        return Basis(script=script, heard=heard_digest(take.files) if heard and take else "")

    def bound(self, segment: Segment, tag: LanguageTag, rule: ReviewRule, basis: Basis) -> Bound:
        """Give what a signature under a rule is bound to now."""
        return bind(
            basis.script,
            segment,
            parts=self.policy.binds.get(rule.kind, frozenset()),
            facts=self.facts,
            language=tag,
            heard=basis.heard,
        )

    def _needs(
        self, segment: Segment, tag: LanguageTag, rules: tuple[ReviewRule, ...]
    ) -> Iterator[Need]:
        subjects = self._subjects(segment.id, tag)
        if not subjects:
            return
        signed = self.about.reviews.by_segment.get(segment.id, ())
        seen: set[tuple[object, ...]] = set()
        for rule in rules:
            if rule.languages and not _speaks(tag, rule.languages):
                continue
            for heard in dict.fromkeys(one.is_heard for one in rule.of if one in subjects):
                key = (rule.kind, rule.roles, rule.reviewers, heard)
                if key not in seen:  # two rules that ask for the same ask once
                    seen.add(key)
                    mine = [
                        review
                        for review in signed
                        if review.language == tag
                        and review.kind is rule.kind
                        and bool(review.bound.heard) == heard
                    ]
                    yield self._judge(segment, tag, rule, heard=heard, signed=mine)

    def _judge(
        self,
        segment: Segment,
        tag: LanguageTag,
        rule: ReviewRule,
        *,
        heard: bool,
        signed: list[Review],
    ) -> Need:
        state, approvals = ReviewState.OPEN, 0
        reasons: tuple[str, ...] = ()
        last = newest(signed)
        if last is not None:
            digest = self._digest(segment, tag, rule, heard=heard)
            bound = [review for review in signed if review.bound.digest == digest]
            verdicts = _verdicts(bound)
            counted = {
                signer
                for signer, review in verdicts.items()
                if review.result is ReviewResult.APPROVED and review.role in rule.roles
            }
            approvals = len(counted)
            refusals = [r for r in verdicts.values() if r.result is ReviewResult.CHANGES_NEEDED]
            if refusals:
                state = ReviewState.REFUSED
                reasons = tuple(_asks(review) for review in refusals)
            elif approvals >= rule.reviewers:
                state = ReviewState.DONE
            elif bound:
                reasons = _too_few(bound, rule, approvals)
            else:
                state = ReviewState.REOPENED
                reasons = self._changes(segment, tag, rule, heard=heard, last=last)
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

    def _digest(self, segment: Segment, tag: LanguageTag, rule: ReviewRule, *, heard: bool) -> str:
        basis = self.basis(segment.id, tag, heard=heard)
        if basis is None:
            return ""
        return binding_digest(
            basis.script.words_digest,
            parts=self.policy.binds.get(rule.kind, frozenset()),
            facts=self.facts.of_all(basis.script.facts, tag),
            about=about_digest(segment),
            until=until_text(segment.expires),
            heard=basis.heard,
        )

    def _changes(
        self, segment: Segment, tag: LanguageTag, rule: ReviewRule, *, heard: bool, last: Review
    ) -> tuple[str, ...]:
        basis = self.basis(segment.id, tag, heard=heard)
        if basis is None:
            return ()
        now = self.bound(segment, tag, rule, basis)
        return changes(last.bound, now, parts=self.policy.binds.get(rule.kind, frozenset()))

    def _script(self, segment: str, tag: LanguageTag) -> Script | None:
        """Give the words that air: the text, or the source's where only a recording exists."""
        translation = self.about.translations.get((segment, tag))
        if translation is None:
            return None
        if translation.state is TranslationState.MISSING:
            source = self.about.translations.get((segment, self.about.source_language))
            return source.script if source else None
        return translation.script if translation.state.may_air else None

    def _subjects(self, segment: str, tag: LanguageTag) -> tuple[Subject, ...]:
        """Say as what a segment could air in a language; nothing where it cannot."""
        translation = self.about.translations.get((segment, tag))
        if translation is None:
            return ()
        take = self.about.recordings.get((segment, tag))
        if translation.state is TranslationState.MISSING:
            script = self._script(segment, tag) if take else None
            if take is None or script is None or take.words_digest != script.words_digest:
                return ()
            return (Subject.UNWRITTEN, Subject.RECORDING)
        if not translation.state.may_air:
            return ()
        is_source = translation.state is TranslationState.SOURCE
        written = (Subject.SOURCE if is_source else Subject.TRANSLATION,)
        return written if take is None else (*written, Subject.RECORDING)


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


def _verdicts(bound: Iterable[Review]) -> dict[str, Review]:
    """Give the latest verdict of each signer on the present text."""
    found: dict[str, Review] = {}
    for review in sorted(bound, key=lambda one: (one.on, one.line)):
        found[review.signer] = review
    return found


def _asks(review: Review) -> str:
    who = review.by or review.role
    return f"{who} asks for changes" + (f": {review.note}" if review.note else "")


def _too_few(bound: list[Review], rule: ReviewRule, approvals: int) -> tuple[str, ...]:
    roles = sorted({review.role for review in bound} - set(rule.roles))
    if roles and not approvals:
        return (f"signed as {', '.join(roles)}, which does not count here",)
    return (f"{approvals} of {rule.reviewers} different reviewers have approved",)
