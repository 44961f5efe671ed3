"""altavoz.toml: the network, its languages, voices and targets."""

import re
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from programme.findings import Findings, Severity
from programme.languages import language
from programme.network import Network, TargetSettings, VoiceChoice
from programme.speakers import Speaker
from programme.units import LanguageTag, Url
from scripts.engine_names import ENGINES
from scripts.feed_texts import NAME_LETTERS, check_feed_text, is_base_url, page_url
from scripts.fields import Fields
from scripts.language_maps import check_tag, language_list
from scripts.late_pattern import LatePattern
from scripts.nodes import Table, Text
from scripts.read_signing import read_signing_keys
from scripts.read_speakers import read_speaker_voices, read_speakers
from scripts.read_store import read_shared_store
from scripts.refused_keys import refuse_secrets
from scripts.review_policy import read_review_policy
from scripts.text_files import read_text
from scripts.toml_text import parse_toml
from scripts.tree import Tree
from scripts.wording import listed

NETWORK_FILE = "altavoz.toml"

SOURCE_FOLDERS = frozenset(
    {"scripts", "facts", "terms", "lexicon", "recordings", "sounds", "series", "episodes", "spoken"}
    | {"stations", "reviews", "private", ".altavoz"}
)
"""Folders that people write in: nothing is published into them."""

_ENGINES = (*ENGINES, "none")
_FOREIGN = LatePattern(r"[a-z][a-z0-9-]{1,30}\Z")
"""An engine of another package; whether it is installed is found out when it is to speak."""
_KINDS = ("folder", "s3", "sftp")
_VOICE_NAME = LatePattern(r"[A-Za-z0-9][A-Za-z0-9_+./ -]*\Z")
_MAILBOX = LatePattern(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\Z")
_LICENCE = LatePattern(r"[a-z0-9][a-z0-9.+-]{0,63}\Z")
_BUCKET = LatePattern(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")
_SECRET = LatePattern(r"secret|passw|token|access_?key|credential", re.IGNORECASE)
_TARGET_OPTIONS = {
    "folder": ("path", "mount"),
    "s3": ("bucket", "prefix", "endpoint", "region", "profile", "checksums"),
    "sftp": ("host", "port", "user", "path", "identity"),
}


def read_network(tree: Tree, findings: Findings) -> Network | None:
    """Give the network; None when altavoz.toml is missing or has errors (findings)."""
    path = tree.root / NETWORK_FILE
    if path.is_symlink() and not tree.is_inside(path):
        findings.add(
            file=NETWORK_FILE,
            line=0,
            rule="file.escape",
            problem="this link leads out of the workspace",
            remedy="put the file itself here",
        )
        return None
    if not path.exists():
        findings.add(
            file=NETWORK_FILE,
            line=0,
            rule="network.missing",
            problem="altavoz.toml is missing",
            remedy="run altavoz init in a new folder and copy its altavoz.toml here",
        )
        return None
    text = read_text(path, file=NETWORK_FILE, findings=findings)
    table = None if text is None else parse_toml(text, file=NETWORK_FILE, findings=findings)
    if table is None:
        return None
    return _network(Fields(table, file=NETWORK_FILE, findings=findings, form="toml"))


def _network(top: Fields) -> Network | None:
    table = top.table_at("network", required=True)
    if table is None:
        top.known |= {"voices", "speakers", "targets", "store", "reviews"}
        top.known |= {"recordings", "signing"}
        # where only the line [network] is lost, its keys stand at the top
        top.known |= {k for k, node in top.table.entries.items() if not isinstance(node, Table)}
        top.done()
        return None
    own = top.part(table)
    languages = language_list(own, "languages", None, required=True)
    source = _source_language(own, languages)
    _note_traps(own, languages)
    values = {
        "id": own.id("id", required=True),
        "name": _name(own),
        "role_address": _matching(own, "role_address", _MAILBOX, "is not a mailbox"),
        "licence": _matching(own, "licence", _LICENCE, "is not a licence such as cc-by-4.0"),
        "licence_url": page_url(own, "licence_url"),
        "websub": _hub(own),
    }
    base_url, website = _base_url(own), Url(page_url(own, "website", required=True))
    top.close(own)
    speakers = read_speakers(top, languages)
    voices, targets = _voices(top, languages, speakers), _targets(top)
    store, reviews = read_shared_store(top), read_review_policy(top)
    review_recordings = _review_recordings(top)
    signing_keys = read_signing_keys(top)
    if not top.done():
        return None
    return Network(
        **values,
        base_url=base_url,
        website=website,
        source_language=source,
        languages=languages,
        voices=voices,
        speakers=speakers,
        targets=targets,
        store=store,
        reviews=reviews,
        review_recordings=review_recordings,
        signing_keys=signing_keys,
    )


def _review_recordings(top: Fields) -> bool:
    table = top.table_at("recordings")
    if table is None:
        return False
    part = top.part(table)
    wanted = part.flag("review")
    top.close(part)
    return wanted


def _source_language(own: Fields, languages: tuple[LanguageTag, ...]) -> LanguageTag:
    found = own.written("source_language", required=True)
    if found is None:
        return LanguageTag("")
    tag = found.value.strip()
    known = check_tag(own, tag, found.line, None)
    if known and languages and known not in languages:
        own.fault(
            found.line,
            "network.source-language",
            f"{tag} is not in languages",
            f"add it to languages, or choose one of: {listed(languages)}",
        )
    return LanguageTag(tag)


def _note_traps(own: Fields, languages: tuple[LanguageTag, ...]) -> None:
    lines = {text.value.strip(): text.line for text in own.texts("languages")}
    for tag in languages:
        entry = language(tag)
        if entry.note:
            own.report(
                lines[tag],
                "language.look-again",
                f"{tag} is {entry.english}: {entry.note}",
                "name the language that people speak; leave it if this is the one",
                Severity.WARNING,
            )


def _matching(own: Fields, key: str, pattern: LatePattern, problem: str) -> str:
    own.node(key, required=True)
    found = own.parsed(
        key,
        lambda text: text if pattern.match(text) else None,
        rule="not-form",
        problem=problem,
        remedy="write it as in the example that altavoz init makes",
    )
    return found or ""


def _name(own: Fields) -> str:
    name = own.text("name", required=True)
    check_feed_text(own, "name", own.line("name"), name, letters=NAME_LETTERS)
    return name


def _base_url(own: Fields) -> Url:
    url = own.url("base_url", required=True)
    parts = urlsplit(url)
    wrong = {
        "does not begin with https://": parts.scheme != "https",
        "does not end with /": not parts.path.endswith("/"),
        "has a query or fragment": bool(parts.query or parts.fragment or "?" in url or "#" in url),
        "has letters that are not ASCII": not url.isascii(),
        "has signs that some players cannot fetch": url.isascii()
        and not is_base_url(url.partition("?")[0].partition("#")[0]),
    }
    for problem, is_so in wrong.items():
        if url and is_so:
            remedy = "write it like https://radio.example.org/"
            own.fault(own.line("base_url"), "network.base-url", f"base_url {problem}", remedy)
    return Url(url)


def _hub(own: Fields) -> str:
    """Give the address of the hub; only https, but for one on this machine."""
    url = page_url(own, "websub")
    parts = urlsplit(url)
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if url and parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        own.fault(
            own.line("websub"),
            "network.websub",
            "websub does not begin with https://",
            "write the address of the hub that your podcast host or a public hub gives you",
        )
    return url


def _voices(
    top: Fields, languages: tuple[LanguageTag, ...], speakers: Mapping[str, Speaker]
) -> Mapping[LanguageTag, VoiceChoice]:
    table = top.table_at("voices")
    found: dict[LanguageTag, VoiceChoice] = {}
    for tag, part in _parts(top, table).items():
        usual = check_tag(top, tag, part.table.line, languages or None)
        choice = _voice(part, usual or LanguageTag(""))
        engine = choice.engine

        def of_speaker(own: Fields, tag: LanguageTag, engine: str = engine) -> VoiceChoice:
            return _voice(own, tag, engine)

        own = read_speaker_voices(part, usual, speakers, of_speaker)
        top.close(part)
        if usual is not None:
            found[usual] = replace(choice, speakers=own)
    return found


def _voice(part: Fields, tag: LanguageTag, engine: str = "espeak") -> VoiceChoice:
    """Read a choice of voice; its engine is ``engine`` where none is named."""
    chosen = _engine(part, engine)
    name = part.text("name")
    if name and (not _VOICE_NAME.match(name) or ".." in name):
        part.fault(part.line("name"), "not-form", "this is no voice's name", "see altavoz voices")
    draft = part.flag("accept_draft")
    return VoiceChoice(language=tag, engine=chosen, name=name, accept_draft=draft)


def _engine(part: Fields, default: str) -> str:
    """Give the engine's name; with ``foreign = true`` it is one of another package."""
    found, foreign = part.written("engine"), part.flag("foreign")
    if found is None:
        return default
    name = found.value.strip()
    if foreign and _FOREIGN.match(name):
        return name
    return part.check_word("engine", found, _ENGINES) or default


def _targets(top: Fields) -> Mapping[str, TargetSettings]:
    found: dict[str, TargetSettings] = {}
    for name, part in _parts(top, top.table_at("targets")).items():
        part.check_id("targets", Text(name, part.table.line))
        kind = part.word("kind", _KINDS, required=True)
        demo = part.flag("demo")
        refuse_secrets(part, _SECRET)
        if not kind:  # was told; until then nobody knows which of these belong
            part.known |= {key for keys in _TARGET_OPTIONS.values() for key in keys}
        options = {key: text for key in _TARGET_OPTIONS.get(kind, ()) if (text := part.text(key))}
        _check_target(part, kind, options)
        top.close(part)
        found[name] = TargetSettings(name=name, kind=kind, options=options, demo=demo)
    return found


def _parts(top: Fields, table: Table | None) -> dict[str, Fields]:
    parts: dict[str, Fields] = {}
    for name, node in {} if table is None else table.entries.items():
        if isinstance(node, Table):
            parts[name] = top.part(node)
        else:
            top.fault(node.line, "not-table", f"{name} must be a table", "write [voices.es] above")
    return parts


def _check_target(part: Fields, kind: str, options: Mapping[str, str]) -> None:
    if kind == "folder":
        part.node("path", required=True)
        first = options.get("path", "public").replace("\\", "/").removeprefix("./").split("/")[0]
        if first in SOURCE_FOLDERS or options.get("path") in {".", "./", "/"}:
            problem = "publishing into this folder would mix with what people write"
            part.fault(part.line("path"), "network.target-path", problem, 'write path = "public"')
    elif kind == "s3":
        bucket = part.text("bucket", required=True)
        if bucket and not _BUCKET.match(bucket):
            remedy = "use 3 to 63 lower-case letters, digits, dots and hyphens"
            part.fault(part.line("bucket"), "not-form", "this is no bucket's name", remedy)
        _check_endpoint(part)
    elif kind == "sftp":
        part.node("host", required=True)
        part.node("path", required=True)


def _check_endpoint(part: Fields) -> None:
    url = part.url("endpoint")
    parts = urlsplit(url)
    host = parts.hostname or ""
    local = host == "localhost" or _is(host, "is_loopback")
    if url and parts.scheme != "https" and not local:
        problem, remedy = "credentials would travel unprotected", "begin it with https://"
        part.fault(part.line("endpoint"), "network.endpoint", problem, remedy)
    if _is(host, "is_link_local"):
        problem = "this address belongs to the machine itself, not to a store"
        remedy = "name the store's own address"
        part.fault(part.line("endpoint"), "network.endpoint", problem, remedy)


def _is(host: str, what: str) -> bool:
    try:
        return bool(getattr(ip_address(host), what))
    except ValueError:  # a name, not an address
        return False
