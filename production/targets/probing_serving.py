"""How the public address serves things: types, caches, other sites' pages, what was taken away."""

import re
from urllib.parse import urljoin, urlsplit

from production.targets.probing import FEED, SOUND, TYPES, Trial
from production.targets.web import WebAnswer, fetch
from programme.errors import ProductionError

MEDIA_MOST_S = 24 * 3600
"""How long a cache may keep media: bytes never change, but a withdrawn file must not live on."""

FEED_MOST_S = 300
"""How long a cache may keep feeds: so long after it, at most, a correction is seen."""

_TAKEN = {
    "sound.mp3": {"audio/mpeg", "audio/mp3"},
    "feed.xml": {"application/rss+xml"},
    "words.vtt": {"text/vtt"},
    "sound.chapters.json": {"application/json+chapters", "application/json"},
    "page.html": {"text/html"},
}
_POOR = {"feed.xml": {"application/xml", "text/xml"}}
"""Types with which most programs get along."""


def probe_types(trial: Trial, at: str) -> None:
    """Compare the types that are served with those that feeds name."""
    wrong: list[str] = []
    poor: list[str] = []
    packed = False
    for name, type_ in TYPES.items():
        answer = fetch(beside(at, name), line=trial.line)
        served = answer.header("Content-Type").partition(";")[0].strip().lower()
        packed = packed or answer.header("Content-Encoding").lower() not in {"", "identity"}
        if answer.status != 200 or served not in _TAKEN[name]:
            told = f"{name} as {served or 'nothing'} instead of {type_.partition(';')[0]}"
            (poor if served in _POOR.get(name, set()) else wrong).append(told)
    if packed:
        trial.probes.fail(
            "types",
            "files are sent compressed to programs that did not ask for it",
            means="some podcast programs find no feed",
            remedy="let the server or CDN compress only for who sends Accept-Encoding",
        )
    if wrong:
        trial.probes.fail(
            "types",
            f"served with the wrong type: {', '.join(wrong)}",
            means="players refuse sound, browsers show no transcripts, directories no feed",
            remedy="let the server know these endings (altavoz targets policy writes the lines for "
            "nginx, Apache and Caddy); a CDN must pass Content-Type on",
        )
    elif poor:
        trial.probes.warn(
            "types",
            f"served with a general type: {', '.join(poor)}",
            means="most programs get along with it; some browsers show letters and signs",
            remedy="serve feeds as application/rss+xml",
        )
    elif not packed:
        trial.probes.ok("types", "each kind of file is served with its type")


def probe_caches(trial: Trial, at: str) -> None:
    """Read how long caches may keep things, and see whether a new feed is seen at once."""
    media, feed = fetch(at, line=trial.line), fetch(beside(at, "feed.xml"), line=trial.line)
    kept = {"media": (_most(media), MEDIA_MOST_S), "feeds": (_most(feed), FEED_MOST_S)}
    long = [
        f"{what} for {_span(age)}"
        for what, (age, most) in kept.items()
        if age is not None and age > most
    ]
    old = trial.written[trial.key("feed.xml")]
    new = FEED % 9
    trial.target.swap(trial.key("feed.xml"), new, media_type=TYPES["feed.xml"], seen=old)
    trial.written[trial.key("feed.xml")] = new
    again = fetch(beside(at, "feed.xml"), line=trial.line)
    if again.body not in {new, old}:
        trial.probes.fail(
            "cache",
            f"a feed that was replaced comes back as something else (status {again.status})",
            means="programs find no feed for a while after each publish",
            remedy="look at the CDN or server in front",
        )
    elif again.body == old and "feeds" not in {one.partition(" ")[0] for one in long}:
        trial.probes.warn(
            "cache",
            f"a cache in front still gives the old feed{_age(again)}",
            means="corrections and withdrawals are seen 5 minutes later, or as late as the cache's "
            "own settings say",
            remedy="let the CDN keep feeds no longer than they say themselves (max-age=300), or "
            "purge it after each publish",
        )
    elif long:
        trial.probes.fail(
            "cache",
            f"caches are told to keep {' and '.join(long)}",
            means="a correction is not seen, and a withdrawn message is heard, until that is over",
            remedy="let the server or CDN pass on the Cache-Control of the objects: a day for "
            "media, 5 minutes for feeds",
        )
    elif kept["feeds"][0] is None:
        trial.probes.warn(
            "cache",
            "nothing tells caches how long they may keep a feed",
            means="each one guesses: corrections may be seen hours later",
            remedy='serve feeds and pages with Cache-Control "max-age=300, must-revalidate"',
        )
    else:
        trial.probes.ok("cache", "a new feed is seen at once, and nothing is kept too long")


def _most(answer: WebAnswer) -> int | None:
    """Give the seconds that shared caches may keep an answer; None where nothing is said."""
    told = answer.header("Cache-Control").lower()
    if re.search(r"no-store|no-cache|private", told):
        return 0
    ages = {
        name: int(age) for name, age in re.findall(r"(s-maxage|max-age)\s*=\s*(\d{1,10})", told)
    }
    if not ages:
        return None
    return max(ages.values())


def _age(answer: WebAnswer) -> str:
    age = answer.header("Age")
    return f", {age} seconds old" if age.isdigit() else ""


def _span(seconds: int | None) -> str:
    seconds = seconds or 0
    return f"{seconds // 86400} days" if seconds >= 2 * 86400 else f"{round(seconds / 60)} minutes"


def probe_cors(trial: Trial, at: str) -> None:
    """Ask as a page of another site does, such as the network's own with a player."""
    words = beside(at, "words.vtt")
    site = urlsplit(trial.network.website or trial.network.base_url)
    origin = f"{site.scheme}://{site.netloc}"
    plain = fetch(words, line=trial.line, headers={"Origin": origin})
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "range",
    }
    before = fetch(words, line=trial.line, method="OPTIONS", headers=asked)
    open_ = plain.header("Access-Control-Allow-Origin") in {"*", origin}
    allowed = re.split(r"[,\s]+", before.header("Access-Control-Allow-Headers").lower())
    parts = before.status < 300 and {"*", "range"}.intersection(allowed)
    if open_ and parts:
        trial.probes.ok("cors", f"pages of {origin} may read transcripts, chapters and parts")
        return
    found = "may not read what stands there" if not open_ else "may not ask for parts of files"
    trial.probes.warn(
        "cors",
        f"pages of other sites ({origin}) {found}",
        means="players on the web show no transcripts and chapters",
        remedy=f"allow GET and HEAD from everywhere, with the header Range: {trial.console.cors}",
    )


def beside(at: str, name: str) -> str:
    """Give the address of another object of the test."""
    return urljoin(at, name)


def probe_withdrawal(trial: Trial, address: str) -> None:
    """Fetch by the public address what has just been taken away."""
    try:
        answer = fetch(address + trial.key("sound.mp3"), line=trial.line)
    except ProductionError:
        return  # was told when the address was tried
    if answer.status != 200 or answer.body != SOUND:
        trial.probes.ok("withdrawal", "what is taken away is gone from the public address")
        return
    most = _most(answer)
    for_ = f" for up to {_span(most)}" if most else ""
    trial.probes.warn(
        "withdrawal",
        f"what was taken away still comes from a cache in front{for_}",
        means="a withdrawn message can be fetched until the cache lets go of it",
        remedy="purge the CDN after each retraction, or let it keep media for less than a day",
    )
