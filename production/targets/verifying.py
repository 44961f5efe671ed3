"""Reads a target back, and holds it against the ledger: ``altavoz verify TARGET``.

Feeds, lists and the head are read whole each time: they are what programs follow. Of everything
else the list of the target tells names and lengths, and what this workspace noted tells the bytes
of what was not touched since; ``ALL`` reads every byte, a sample some of them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from production.catalogue.site import SITE_KEY, SentPage, parse_site
from production.ledger.parts import PartLostError, unknown_parts
from production.targets.base import Target, is_key
from production.targets.claims import Place, look_at_place
from production.targets.documents_there import DocumentJudge, Found
from production.targets.head import HEAD_KEY, LEDGER_FOLDER
from production.targets.known_objects import OwnNames, Role, digest_in
from production.targets.named_keys import keys_named
from production.targets.sending import PARALLEL
from production.targets.standing import Standing
from production.targets.strangers import judge_stranger
from production.targets.target_view import TargetView
from production.targets.verdicts import Judged, TargetReport, TargetVerdict, worst
from programme.digests import digest_bytes, digest_text
from programme.errors import ProductionError
from programme.units import Digest, Key

ALL = -1
"""Every byte of every object is read."""

Tell = Callable[[int, int], None]
"""Is told how many objects of how many were read."""


def _silent(done: int, total: int) -> None:
    del done, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How much is read."""

    sample: int = 0
    """Objects besides feeds, lists and the head; ``ALL`` for every one."""
    seed: str = ""
    """By which they are chosen."""
    known: tuple[str, ...] = ()
    """Patterns of names that others keep there, and that are no strangers."""
    parallel: int = PARALLEL


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """An object that is to stand there."""

    key: Key
    digest: str
    """All of it, or where only the name tells it, its beginning."""
    length_bytes: int | None
    of: str
    """What it is of."""


@dataclass(slots=True)
class _Work:
    """What is found, object by object."""

    view: TargetView
    target: Target
    standing: Standing
    report: TargetReport
    found: dict[str, list[Found]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    named: dict[str, str] = field(default_factory=dict)
    """Key that a document names to the first document that names it."""

    def note(self, key: str, *found: Found) -> None:
        self.found.setdefault(key, []).extend(found)

    def fetch(self, key: Key) -> bytes | None:
        data = self.target.read(key)
        if data is not None:
            self.read.add(key)
            self.report.read_bytes += len(data)
        return data

    def see(self, key: str, data: bytes) -> None:
        """Note what a document names."""
        for name in keys_named(key, data, self.view.base_url):
            self.named.setdefault(name, key)

    def has(self, key: str) -> bool:
        """Tell whether an object is there; a list may be older than what was sent last."""
        return self.standing.has(key) or self.target.size(Key(key)) is not None


def verify_target(
    view: TargetView, target: Target, reading: Reading, *, tell: Tell = _silent
) -> TargetReport:
    """Say how everything stands that is at a target, or should be.

    Args:
        view: what the workspace knows of it.
        target: open.
        reading: how much is read.
        tell: is told how far it is.

    Raises:
        ProductionError: the target cannot be read, or is another network's.
    """
    place = look_at_place(target, view.workspace.network.id)
    report = TargetReport(target=view.settings.name, place=target.describe(), seed=reading.seed)
    work = _Work(view, target, Standing(target, view.notes), report)
    _head(work, place)
    _documents(work, place, reading)
    site = _site(work)
    wanted = {one.key: one for one in _wanted(work, place, site)}
    for one in wanted.values():
        _look(work, one)
    _pages(work, site)
    # What a page or a feed names must be there as well, such as pictures.
    for name, by in sorted(work.named.items()):
        _follow(work, name, by, wanted)
    chosen = _chosen(wanted, work, reading)
    _read_chosen(work, [wanted[key] for key in chosen], site, reading, tell)
    names = view.own_names()
    _strangers(work, names, reading, has_list=bool(site))
    report.objects = [_judged(work, key) for key in sorted(work.found)]
    return report


def _head(work: _Work, place: Place) -> None:
    """Look at the head, and at the ledger that it names."""
    if place.head is None:
        lost = any(name.startswith(LEDGER_FOLDER) for name in work.standing.names())
        verdict = TargetVerdict.MISSING if lost else TargetVerdict.UNFINISHED
        problem = "not there" if lost else "not there: published by an earlier Altavoz, or stopped"
        work.note(HEAD_KEY, (verdict, problem))
        return
    work.note(HEAD_KEY)
    work.read.add(HEAD_KEY)
    work.report.read_bytes += len(place.data or b"")
    if place.claim is not None:
        claim = place.claim
        problem = f"{claim.by} began to publish {claim.since:%Y-%m-%d %H:%M} UTC"
        work.note(HEAD_KEY, (TargetVerdict.UNFINISHED, problem))
    lines = work.view.lines()
    try:
        unknown = unknown_parts(place.parts, lines, work.fetch, ledger=work.view.ledger)
    except PartLostError as error:
        work.note(error.where, (TargetVerdict.LEDGER, error.problem))
        return
    if unknown:
        problem = f"the ledger there holds {len(unknown)} lines that are not in releases.jsonl"
        work.note(HEAD_KEY, (TargetVerdict.LEDGER, problem))
    told = sum(part.lines for part in place.parts) - len(unknown)
    if told < len(lines) and place.claim is None:
        problem = f"{len(lines) - told} lines of releases.jsonl are not in the ledger there yet"
        work.note(HEAD_KEY, (TargetVerdict.UNFINISHED, problem))


def _documents(work: _Work, place: Place, reading: Reading) -> None:
    """Read every feed, feed page and list."""
    view = work.view
    last = place.head.last if place.head else None
    judge = DocumentJudge(
        base_url=view.base_url,
        today=view.today,
        sent_on=last.at.date() if last else None,
        render=view.render,
        past=view.past,
        guids=view.guids,
        dead=view.dead,
    )
    judge.prepare()
    differing: dict[Key, bytes] = {}
    for key, data in _fetched(work, judge.expected, reading):
        if data is None:
            work.note(key, (TargetVerdict.MISSING, "the feed or list is not there"))
            continue
        work.note(key)
        work.see(key, data)
        if digest_bytes(data) != judge.expected[key]:
            differing[key] = data
    judge.prepare_differing(differing)
    for key, data in differing.items():
        work.note(key, *judge.judge(key, data, work.standing.digest(key)))


def _fetched(
    work: _Work, keys: Iterable[Key], reading: Reading
) -> Iterator[tuple[Key, bytes | None]]:
    asked = sorted(keys)
    with ThreadPoolExecutor(max_workers=reading.parallel) as pool:
        yield from zip(asked, pool.map(work.fetch, asked), strict=True)


def _site(work: _Work) -> Mapping[Key, SentPage]:
    data = work.fetch(SITE_KEY)
    if data is None:
        work.note(SITE_KEY, (TargetVerdict.MISSING, "the list of pages is not there"))
        return {}
    work.note(SITE_KEY)
    noted = work.standing.digest(SITE_KEY)
    if noted is not None and noted != digest_bytes(data):
        work.note(SITE_KEY, (TargetVerdict.ALTERED, "other bytes than were published"))
    try:
        return parse_site(data)
    except ProductionError as error:
        work.note(SITE_KEY, (TargetVerdict.ALTERED, error.problem))
        return {}


def _pages(work: _Work, site: Mapping[Key, SentPage]) -> None:
    """Hold the list of pages against those that a publish would send now."""
    if not site:
        return
    for key, told in work.view.pages().items():
        if key not in site:
            work.note(key, (TargetVerdict.OUTDATED, "a page that was not sent yet"))
        elif site[key].fingerprint != told:
            work.note(key, (TargetVerdict.OUTDATED, "a page that a publish would change"))


def _wanted(work: _Work, place: Place, site: Mapping[Key, SentPage]) -> Iterator[_Wanted]:
    """Give what is to stand there besides feeds, lists, the head and ``site.json``."""
    for one in work.view.objects.values():
        if one.role is Role.NEEDED:
            thing = one.thing
            yield _Wanted(
                key=thing.key, digest=thing.digest, length_bytes=thing.length_bytes, of=one.of
            )
    for key, page in site.items():
        yield _Wanted(key=key, digest=page.digest, length_bytes=None, of="a page")
    lines, start = work.view.lines(), 0
    for part in place.parts:
        data = b"".join(lines[start : start + part.lines])
        start += part.lines
        length = len(data) if digest_bytes(data) == part.digest else None
        yield _Wanted(
            key=part.key, digest=part.digest, length_bytes=length, of="a part of the ledger"
        )


def _look(work: _Work, one: _Wanted) -> None:
    """Look at an object in the list: its being there, its length, and what was noted of it."""
    there = work.standing.size(one.key)
    wrong = one.length_bytes is not None and there != one.length_bytes
    if there is None or wrong:
        there = work.target.size(one.key)  # a list may be old
        wrong = one.length_bytes is not None and there != one.length_bytes
    if there is None:
        work.note(one.key, (TargetVerdict.MISSING, f"not there: {one.of}"))
    elif wrong:
        problem = f"{there} bytes, not {one.length_bytes}: {one.of}"
        work.note(one.key, (TargetVerdict.ALTERED, problem))
    else:
        work.note(one.key)


def _follow(work: _Work, name: str, by: str, wanted: dict[Key, _Wanted]) -> None:
    if name in work.found or name in work.view.dead:
        return
    if not work.has(name):
        work.note(by, (TargetVerdict.DANGLING, f"names {name}, which is not there"))
        return
    told = digest_in(name)
    work.note(name)
    if told is not None:
        key = Key(name)
        wanted[key] = _Wanted(key=key, digest=told, length_bytes=None, of=f"named by {by}")


def _chosen(wanted: Collection[Key], work: _Work, reading: Reading) -> list[Key]:
    """Give the objects that are read: all, or some by chance that the seed decides."""
    there = [key for key in wanted if not _is_missing(work, key)]
    if reading.sample == ALL:
        return sorted(there)
    there.sort(key=lambda key: digest_text(f"{reading.seed} {key}"))
    # What the list shows to have been touched since we noted it is read in any case.
    noted = work.standing
    touched = {key for key in there if noted.was_noted(key) and noted.digest(key) is None}
    return sorted({*there[: reading.sample], *touched})


def _is_missing(work: _Work, key: str) -> bool:
    return any(verdict is TargetVerdict.MISSING for verdict, _ in work.found[key])


def _read_chosen(
    work: _Work,
    chosen: list[_Wanted],
    site: Mapping[Key, SentPage],
    reading: Reading,
    tell: Tell,
) -> None:
    def read(one: _Wanted) -> tuple[_Wanted, bool, bytes | None]:
        if one.key in site or len(one.digest) < len(digest_bytes(b"")):
            data = work.target.read(one.key)
            is_it = data is not None and digest_bytes(data).startswith(one.digest)
            return one, is_it, data
        return one, work.target.verify(one.key, Digest(one.digest)), None

    with ThreadPoolExecutor(max_workers=reading.parallel) as pool:
        for number, (one, is_it, data) in enumerate(pool.map(read, chosen), start=1):
            tell(number, len(chosen))
            work.read.add(one.key)
            work.report.read_bytes += work.standing.size(one.key) or 0
            if not is_it:
                problem = f"other bytes than were published: {one.of}"
                work.note(one.key, (TargetVerdict.ALTERED, problem))
            elif data is not None and one.key in site:
                _follow_page(work, one.key, data)


def _follow_page(work: _Work, key: Key, data: bytes) -> None:
    """Look whether all is there that a page names."""
    for name in sorted(keys_named(key, data, work.view.base_url)):
        if name in work.view.dead:
            problem = f"names {name}, which was withdrawn"
            work.note(key, (TargetVerdict.WITHDRAWN, problem))
        elif not work.has(name):
            work.note(key, (TargetVerdict.DANGLING, f"names {name}, which is not there"))


def _strangers(work: _Work, names: OwnNames, reading: Reading, *, has_list: bool) -> None:
    """Judge everything else that the list shows.

    Without the list of pages nobody can say which pages and styles are needed.
    """
    for name, listed in sorted(work.standing.names().items()):
        if name in work.found:
            continue
        found = judge_stranger(work.view, names, listed, known=reading.known)
        unsure = not has_list and name not in work.view.objects
        if found[0] is TargetVerdict.LEFTOVER and unsure:
            found = TargetVerdict.OK, ""
        if not _is_gone(work, name):
            work.note(name, found)


def _is_gone(work: _Work, name: str) -> bool:
    """Tell whether something was taken away since: a list may be old."""
    return is_key(name) and work.target.size(Key(name)) is None


def _judged(work: _Work, key: str) -> Judged:
    verdict, problem = worst(one for one in work.found[key] if one[0] is not TargetVerdict.OK)
    return Judged(
        key=key,
        verdict=verdict,
        problem=problem,
        length_bytes=work.standing.size(key),
        is_read=key in work.read,
    )
