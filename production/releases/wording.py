"""What items are called and what they say once a message was corrected or withdrawn.

Pure text of a history; feeds, pages and the ledger's notices all take it from here. No two items
of one language are called the same on days that may be one (AntennaPod takes the second for the
first, and loads nothing), and nothing is longer than directories allow.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

from feeds.text_limits import MAX_VALUE_LETTERS
from production.phrases import first_written, phrase
from production.releases.history import Standing
from production.releases.values import Notice, Release, Withdrawing
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from programme.wording import shortened
from scripts.spoken import print_date

_TEXTS = {
    Withdrawing.CORRECT: "corrected_text",
    Withdrawing.RETRACT: "retracted_text",
    Withdrawing.EXPIRE: "expired_text",
}


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return read_toml(package_file("production.releases", "release_words.toml"))


def _words(name: str, tag: LanguageTag, source: LanguageTag) -> tuple[str, LanguageTag]:
    """Give one text, and the language that it is in."""
    tables = _tables()
    used = first_written(tables, tag, source)
    return tables[used.partition("-")[0]][name], used


def live_title(standing: Standing, source: LanguageTag) -> str:
    """Give the title of a revision while it is live; a correction says that it is one.

    Args:
        standing: the revision.
        source: the network's source language, for words that the item's own language lacks.
    """
    return _fitted(standing.release, "", _behind(standing, source))


def withdrawn_title(standing: Standing, source: LanguageTag) -> str:
    """Give the title under which a revision's old guid stays once it is withdrawn."""
    withdrawal = standing.withdrawal
    expired = withdrawal is not None and withdrawal.kind is Withdrawing.EXPIRE
    return _fitted(standing.release, _before(standing, source)[expired], _behind(standing, source))


def all_titles(standing: Standing, source: LanguageTag) -> frozenset[str]:
    """Give everything that an item is ever called, live or withdrawn for whatever reason."""
    after = _behind(standing, source)
    titles = {_fitted(standing.release, word, after) for word in ("", *_before(standing, source))}
    return frozenset(titles)


def _before(standing: Standing, source: LanguageTag) -> tuple[str, str]:
    """Give what stands before the title of a withdrawn item, and of an expired one."""
    tag = standing.release.language
    expired, _ = _words("expired", tag, source)
    return f"{phrase('withdrawn', tag, source)} – ", f"{expired} – "


def withdrawn_text(standing: Standing, source: LanguageTag) -> str:
    """Give what a withdrawn item says: what to do, then why, where somebody wrote it."""
    withdrawal, tag = standing.withdrawal, standing.release.language
    kind = withdrawal.kind if withdrawal else Withdrawing.CORRECT
    if standing.successor is not None and kind is Withdrawing.RETRACT:
        kind = Withdrawing.CORRECT  # something did take its place, later
    text, _ = _words(_TEXTS[kind], tag, source)
    return _with_reason(text, withdrawal.reason if withdrawal else "", tag, source)


def notice_title(release: Release, day: date, source: LanguageTag, mark: str = "") -> str:
    """Give the title of a notice item.

    Args:
        release: what it tells of.
        day: of the notice.
        source: the network's source language.
        mark: what parts it from another one of that day.
    """
    text, used = _words("notice", release.language, source)
    whole = text.replace("{date}", print_date(day, used))
    room = MAX_VALUE_LETTERS - len(whole) + len("{title}") - len(mark)
    return whole.replace("{title}", shortened(release.title, room)) + mark


def notice_text(notice: Notice, title: str, source: LanguageTag) -> str:
    """Give what a notice item says.

    Args:
        notice: the item.
        title: of the message that it tells of.
        source: the network's source language.
    """
    text, _ = _words("notice_text", notice.language, source)
    told = text.replace("{title}", shortened(title, MAX_VALUE_LETTERS))
    return _with_reason(told, notice.reason, notice.language, source)


def reason_line(reason: str, tag: LanguageTag, source: LanguageTag) -> str:
    """Give the line that says why; empty where nobody wrote it."""
    return _words("reason", tag, source)[0].replace("{reason}", reason) if reason else ""


def _with_reason(text: str, reason: str, tag: LanguageTag, source: LanguageTag) -> str:
    why = reason_line(reason, tag, source)
    return f"{text}\n\n{why}" if why else text


def _behind(standing: Standing, source: LanguageTag) -> str:
    """Give what stands behind the producer's title."""
    release = standing.release
    if not standing.corrects:
        return release.title_mark
    said = phrase("corrected", release.language, source, day=release.published_at.date())
    count = f", {release.revision - 1}" if release.revision > 2 else ""
    return f"{release.title_mark} ({said}{count})"


def _fitted(release: Release, before: str, after: str) -> str:
    """Cut a long title so that what is said about it still fits: nothing may stop a correction."""
    room = MAX_VALUE_LETTERS - len(before) - len(after)
    # Joined so, a title with nothing around it is the same text, and not another ten thousand.
    return before + shortened(release.title, room) + after
