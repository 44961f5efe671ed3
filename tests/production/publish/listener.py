"""A podcast program and a browser in one: reads what stands at a place and follows every link.

It knows nothing of production. What a name promises of the bytes (a digest in a key, a length or
a digest in a feed) is held against the bytes; what a document names has to be there. It may look
while somebody publishes: what is missing counts if the document that names it stands unchanged.
"""

import base64
import hashlib
import http.client
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

BASE = "https://radio.example.org/"

Get = Callable[[str], bytes | None]
"""Gives the bytes of a key as the public gets them; None for nothing."""

_NAMED = re.compile(r"(?:m/.*-([0-9a-f]{12})\.[a-z0-9.]+|ledger/([0-9a-f]{32})\.jsonl)\Z")
_DOCUMENTS = (".xml", ".opml", ".html", ".json")
_PODCAST = "{https://podcastindex.org/namespace/1.0}"
_ATTRIBUTES = ("url", "uri", "href", "src", "xmlUrl", "htmlUrl", "feedUrl", "poster")


@dataclass(slots=True)
class Visit:
    """What somebody met who looked at everything once."""

    faults: list[str] = field(default_factory=list)
    """Missing or wrong: nobody may ever meet this."""
    early: list[str] = field(default_factory=list)
    """Documents that lead to feeds, and pages that lead to pages, that are not there yet: they
    lead to each other in circles, so that a first publish cannot do without. Never allowed
    later."""
    documents: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)
    """Everything that was read and whose bytes are what its name promises."""
    guids: set[str] = field(default_factory=set)
    serial: int = 0
    """Of the head; 0 for none."""


def folder_reader(site: Path) -> Get:
    """Read as a web server would; what begins with a dot is not served."""

    def get(key: str) -> bytes | None:
        path = site / key
        return path.read_bytes() if path.is_file() else None

    return get


@contextmanager
def web_reader(address: str) -> Iterator[Get]:
    """Read over one connection of HTTP below an address that ends in a slash."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)

    def get(key: str) -> bytes | None:
        connection.request("GET", parts.path + key)
        answer = connection.getresponse()
        data = answer.read()
        if answer.status == http.HTTPStatus.NOT_FOUND:
            return None
        assert answer.status == http.HTTPStatus.OK, (key, answer.status)
        return data

    with closing(connection):
        yield get


def folder_documents(site: Path) -> list[str]:
    """Give every document that stands in a folder."""
    return sorted(
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.name.endswith(_DOCUMENTS) and not path.name.startswith(".") and path.is_file()
    )


def visit(get: Get, documents: list[str], *, base: str = BASE) -> Visit:
    """Read these documents, and everything that they lead to."""
    return _Visitor(get, base).go(documents)


def visit_folder(site: Path) -> Visit:
    """Read everything that a folder holds, and follow every link."""
    return visit(folder_reader(site), folder_documents(site) if site.exists() else [])


class _Visitor:
    def __init__(self, get: Get, base: str) -> None:
        self.get = get
        self.base = base
        self.told = Visit()
        self.known: dict[str, tuple[int, str]] = {}
        """Length and SHA-256 of what never changes."""

    def go(self, documents: list[str]) -> Visit:
        waiting = list(documents)
        seen = set(waiting)
        while waiting:
            key = waiting.pop()
            data = self.get(key)
            if data is None:  # a listener's bookmark: whatever led here was judged there
                continue
            for new in self.judge(key, data):
                if new not in seen:
                    seen.add(new)
                    waiting.append(new)
        return self.told

    def judge(self, key: str, data: bytes) -> list[str]:
        """Hold a document against what it names; give the documents that it leads to."""
        for _ in range(20):
            wrong, early, leads = self.look(key, data)
            again = self.get(key) if wrong or early else data
            if again == data:
                break
            if again is None:  # withdrawn while we looked
                return []
            data = again
        else:
            raise AssertionError(f"{key} changes faster than it is read")
        self.told.documents.add(key)
        self.told.faults += [f"{key}: {said}" for said in wrong]
        self.told.early += [f"{key}: {said}" for said in early]
        return leads

    def look(self, key: str, data: bytes) -> tuple[list[str], list[str], list[str]]:
        """Give what is wrong with what it names, what is not there yet, and where it leads."""
        wrong: list[str] = []
        early: list[str] = []
        leads: list[str] = []
        try:
            links, promised = _read(key, data)
        except (etree.XMLSyntaxError, ValueError, KeyError, TypeError) as error:
            return [f"cannot be read: {error}"], [], []
        for name in sorted(self.own(key, links)):
            if not name.endswith(_DOCUMENTS) or name.startswith("m/"):
                wrong.append(self.fetch(name))
            elif name in self.told.documents or self.get(name) is not None:
                leads.append(name)
            else:
                circular = key.endswith(".html") or not name.endswith(".html")
                (early if circular else wrong).append(f"leads to {name}, not there")
        wrong += [
            self.compare(name.removeprefix(self.base), length, digest)
            for name, (length, digest) in promised.items()
        ]
        if key == "publish.json":
            self.told.serial = int(json.loads(data)["serial"])
        if key.endswith(".xml"):
            guids = (found.text or "" for found in etree.fromstring(data).iter("guid"))
            self.told.guids |= {guid.partition("#")[0] for guid in guids}
        return [said for said in wrong if said], early, leads

    def own(self, key: str, links: Iterable[str]) -> Iterator[str]:
        """Give the keys of this place that links lead to."""
        for link in links:
            address = urldefrag(urljoin(self.base + key, link)).url.partition("?")[0]
            if address.startswith(self.base):
                yield address[len(self.base) :] or "index.html"

    def fetch(self, name: str) -> str:
        """Read what never changes; give what is wrong with it, empty for nothing."""
        if name in self.told.objects:
            return ""
        data = self.get(name)
        if data is None:
            return f"names {name}, not there"
        promise = _NAMED.match(name)
        digest = hashlib.sha256(data).hexdigest()
        if promise and not digest.startswith(promise[1] or promise[2]):
            return f"names {name}, which holds other bytes"
        self.told.objects.add(name)
        if promise:
            self.known[name] = (len(data), digest)
        if name.endswith(".json"):  # chapters name pictures
            links, _ = _read(name, data)
            for link in links:
                if link.startswith(self.base) and (said := self.fetch(link[len(self.base) :])):
                    return said
        return ""

    def compare(self, name: str, length: int | None, digest: str) -> str:
        if name in self.known:
            found, held = self.known[name]
        else:
            data = self.get(name)
            if data is None:
                return f"promises {name}, not there"
            found, held = len(data), hashlib.sha256(data).hexdigest()
        if length is not None and found != length:
            return f"promises {length} bytes of {name}, which has {found}"
        if digest and held != digest:
            return f"promises other bytes than {name} holds"
        return ""


Promised = dict[str, tuple[int | None, str]]
"""Address to length and SHA-256 in hex; None and empty where nothing is said."""


@cache
def _read(key: str, data: bytes) -> tuple[frozenset[str], Promised]:
    """Give every link of a document, and what it says of the bytes behind some."""
    if key.endswith((".xml", ".opml")):
        return _read_xml(data)
    if key.endswith(".html"):
        page = _Page()
        page.feed(data.decode("utf-8"))
        page.close()
        return frozenset(page.links), {}
    if key.endswith(".json"):
        return _read_json(key, json.loads(data))
    return frozenset(), {}


def _read_xml(data: bytes) -> tuple[frozenset[str], Promised]:
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    links: set[str] = set()
    promised: Promised = {}
    for element in root.iter(etree.Element):
        links |= {str(element.get(name)) for name in _ATTRIBUTES if element.get(name)}
        if element.tag in {"link", "comments"} and element.text:
            links.add(element.text.strip())
        if element.tag == "enclosure":
            promised[str(element.get("url"))] = (int(str(element.get("length"))), "")
    for other in root.iter(f"{_PODCAST}alternateEnclosure"):
        source, integrity = other.find(f"{_PODCAST}source"), other.find(f"{_PODCAST}integrity")
        length = other.get("length")
        assert source is not None
        digest = ""
        if integrity is not None:
            kind, _, value = str(integrity.get("value")).partition("-")
            assert kind == "sha256"
            digest = base64.b64decode(value).hex()
        promised[str(source.get("uri"))] = (int(length) if length else None, digest)
    return frozenset(links), promised


def _read_json(key: str, value: Any) -> tuple[frozenset[str], Promised]:
    if key == "publish.json":
        parts = value["ledger"]
        return frozenset(), {part["key"]: (None, part["digest"]) for part in parts}
    if key == "site.json":
        # What it notes of a page is what the next publish believes: never of other bytes.
        return frozenset(), {name: (None, told[1]) for name, told in value["pages"].items()}
    return frozenset(_strings(value)), {}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith("https://"):
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.links |= {value for name, value in attrs if name in _ATTRIBUTES and value}
