"""What listeners get from the public address: the very bytes, in parts too, with types and rules.

Everything is fetched as a podcast program would, without credentials. notes on feeds, section 7;
byte ranges and HEAD: https://podcasters.apple.com/support/823-podcast-requirements.
"""

import re
from urllib.parse import urljoin, urlsplit

from production.targets.probing import SOUND, Trial
from production.targets.probing_serving import beside, probe_caches, probe_cors, probe_types
from production.targets.servers import is_loopback
from production.targets.web import WebAnswer, fetch, follow
from programme.errors import ProductionError
from programme.wording import shortened
from scripts.feed_texts import is_base_url

_EXAMPLES = re.compile(
    r"(?:.*\.)?example(?:\.(?:com|net|org))?\Z|.*\.(?:invalid|test|localhost)\Z", re.IGNORECASE
)
"""Names that nobody can own: https://www.rfc-editor.org/rfc/rfc6761"""

_NOBODY = "nobody can listen: feeds name addresses that do not lead to what is published"


def why_no_address(trial: Trial, address: str) -> str:
    """Say why there is no public address to try; empty where there is one."""
    if trial.settings.demo:
        return "a rehearsal (demo = true) needs no public address"
    if _EXAMPLES.match(urlsplit(address).hostname or ""):
        return f"base_url in altavoz.toml is still that of an example: {address}"
    return ""


def probe_address(trial: Trial, address: str) -> None:
    """Fetch what was written by the public address, in every way that listeners' programs do.

    Args:
        trial: in which everything was written.
        address: to be put before a key, with its final slash.
    """
    why = why_no_address(trial, address)
    if why:
        trial.probes.skip("address", f"not tried: {why}")
        return
    if not is_base_url(address):
        trial.probes.fail(
            "address",
            f"{shortened(address, 100)!a} cannot stand before the names of files",
            means="addresses in feeds would be broken, and players would not fetch them",
            remedy="write base_url as https://, the host and folders, and a final slash; no "
            "query (?), no fragment (#), no user name",
        )
        return
    found = _find(trial, address)
    if found is None:
        return
    trial.public = address
    at = found.url
    _judge_way(trial, address, found)
    for judge in (_ranges, _head, probe_types, probe_caches, _unchanged, probe_cors):
        try:
            judge(trial, at)
        except ProductionError as error:
            about = judge.__name__.removeprefix("probe").strip("_")
            trial.probes.fail(
                about, error.problem, means="listeners' programs meet the same", remedy=error.remedy
            )


def _find(trial: Trial, address: str) -> WebAnswer | None:
    """Fetch the sound; where it is not there, look where it is instead, and say so."""
    sound = trial.key("sound.mp3")
    try:
        answer = follow(address + sound, line=trial.line)
    except ProductionError as error:
        trial.probes.fail("address", error.problem, means=_NOBODY, remedy=error.remedy)
        return None
    if answer.status == 200 and answer.body == SOUND:
        return answer
    right = _neighbour(trial, address)
    if right:
        found, remedy = f"it stands at {right} instead", f'write base_url = "{right}"'
    elif answer.status == 200:
        found = "other bytes come back: a page of the server's, of a proxy, or another folder"
        remedy = "let base_url lead to the very place of this target, and let nothing answer in its"
        remedy += " place for addresses that are not there (error pages with status 404, not 200)"
    elif b"NoSuchBucket" in answer.body:
        found = "that bucket does not exist"
        remedy = "correct the bucket in base_url, or what the web server in front of it names"
    elif answer.status in {401, 403}:
        found = f"strangers may not read it (status {answer.status})"
        remedy = f"let everybody read it: {trial.console.readable}"
    else:
        found = f"it is not there (status {answer.status})"
        remedy = "let base_url lead to this bucket and prefix, or this folder"
    means = _NOBODY
    if trial.settings.kind == "folder":
        means += "; if this folder is a stick or a mirror, test it with --no-address"
    trial.probes.fail(
        "address", f"{shortened(address, 100)}{sound}: {found}", means=means, remedy=remedy
    )
    return None


def _neighbour(trial: Trial, address: str) -> str:
    """Give the base address that would be right; empty where none is found.

    What is met often: the prefix is missing, or stands there twice, or the bucket's name.
    """
    options = trial.settings.options
    prefix, bucket = options.get("prefix", "").strip("/"), options.get("bucket", "")
    candidates = [f"{address}{part}/" for part in (prefix, f"{bucket}/{prefix}", bucket) if part]
    folders = urlsplit(address).path.strip("/").split("/")
    candidates += [urljoin(address, "../" * up) for up in range(1, min(len(folders), 3) + 1)]
    for one in dict.fromkeys(candidates):
        try:
            answer = fetch(
                one.replace("//", "/").replace(":/", "://", 1) + trial.key("sound.mp3"),
                line=trial.line,
            )
        except ProductionError:
            continue
        if answer.status == 200 and answer.body == SOUND:
            return one
    return ""


def _judge_way(trial: Trial, address: str, found: WebAnswer) -> None:
    """Judge how one got there: https, and without redirects."""
    way = (address, *found.hops)
    if any(urlsplit(at).scheme == "http" and not is_loopback(at) for at in way):
        trial.probes.fail(
            "address",
            "a part of the way is http without s",
            means="telephones refuse it, and whoever owns a network can put other words into it",
            remedy="set up https, and write base_url with https://",
        )
    elif found.hops:
        key = trial.key("sound.mp3")
        end = found.url.removesuffix(key)
        sure = (
            f'write base_url = "{end}"'
            if end != found.url and is_base_url(end)
            else ("take the redirect out of the web server")
        )
        trial.probes.warn(
            "address",
            f"the public address redirects {len(found.hops)} times",
            means="each listener asks twice, and some programs lose byte ranges on the way",
            remedy=sure,
        )
    else:
        trial.probes.ok("address", f"{address} gives the very bytes")


def _ranges(trial: Trial, at: str) -> None:
    """Ask for parts, as Apple's player does first (bytes=0-1) and podcast programs to go on."""
    for first, last in ((0, 1), (1000, 1999)):
        answer = fetch(at, line=trial.line, headers={"Range": f"bytes={first}-{last}"})
        told = answer.header("Content-Range").strip()
        got = (answer.status, answer.body, told)
        if got == (206, SOUND[first : last + 1], f"bytes {first}-{last}/{len(SOUND)}"):
            continue
        said = f"a wrong part (status {answer.status}, {told or 'no range'})"
        if answer.status == 200:
            said = "the whole file instead of a part"
        trial.probes.fail(
            "range",
            f"who asks for a part of a file gets {said}",
            means="iPhones do not play it, and a download that was cut off begins anew or is "
            "spliced wrongly",
            remedy="let the server or CDN answer byte ranges (status 206)",
        )
        return
    trial.probes.ok("range", "parts of files are answered rightly")


def _head(trial: Trial, at: str) -> None:
    answer = fetch(at, line=trial.line, method="HEAD")
    length = answer.header("Content-Length")
    if answer.status == 200 and length == str(len(SOUND)):
        trial.probes.ok("head", "the length of a file is told without sending it")
        return
    found = f"status {answer.status}" if answer.status != 200 else f"length {length or 'not told'}"
    trial.probes.fail(
        "head",
        f"who asks only for a file's length (HEAD) gets: {found}",
        means="Apple Podcasts refuses the feed, and programs show no size",
        remedy="let the server or CDN answer HEAD, with Content-Length",
    )


def _unchanged(trial: Trial, at: str) -> None:
    """Ask whether a feed has changed, as programs do every hour."""
    feed = beside(at, "feed.xml")
    answer = fetch(feed, line=trial.line)
    etag, changed = answer.header("ETag"), answer.header("Last-Modified")
    known = {"If-None-Match": etag} if etag else {"If-Modified-Since": changed} if changed else {}
    if known and fetch(feed, line=trial.line, headers=known).status == 304:
        trial.probes.ok("unchanged", "who has a feed already is told so, and not sent it again")
        return
    trial.probes.warn(
        "unchanged",
        "a feed is sent whole each time, also to who has it already",
        means="listeners pay for it each hour, and the server for all of them",
        remedy="let the server or CDN send ETag or Last-Modified, and answer 304",
    )
