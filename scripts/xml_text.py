"""XML, read and written without surprises: no entities, no DTD, no network, bounded in size.

The only module of this package that imports lxml. A file comes from a stranger, so it is decoded
here, by what its first bytes say (XML 1.0 appendix F), and a document type with declarations of
its own is refused before any XML parser sees it: what is never declared can never be expanded.
Comments and processing instructions say nothing to us and are left out.
"""

import copy
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias, cast

from lxml import etree

from programme.errors import ProductionError
from scripts.wording import shown

LIMIT_BYTES = 10_000_000
"""More than any lexicon or term base that people wrote."""
MAX_DEPTH = 100
"""Elements inside one another; PLS has 3, TBX about 12."""
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
XML_LANG = f"{{{XML_NAMESPACE}}}lang"
XML_ID = f"{{{XML_NAMESPACE}}}id"

XmlElement: TypeAlias = etree._Element  # noqa: SLF001 - the public name of lxml's only element type
"""``tag`` (with its namespace in braces), ``text``, ``get(name)``, its children when iterated,
and ``line_of``."""

_DECLARATION = re.compile(r"\ufeff?<\?xml\b[^>]*?\?>")
_ENCODING = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_KNOWN_ENCODINGS = {
    "utf-8": "utf-8-sig",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
}
_BEFORE_ROOT = re.compile(r"(?:\s+|<!--(?:(?!--).)*-->|<\?(?:(?!\?>).)*\?>)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b(?:[^\"'\[\]<>]|\"[^\"]*\"|'[^']*')*>")
"""Without an internal subset: it names an outside file, which is never opened."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_xml(path: Path, *, file: str, limit_bytes: int = LIMIT_BYTES) -> XmlElement:
    """Give the root element of a file.

    Raises:
        ProductionError: it cannot be read, is no ordinary file, too large, or no sound XML.
    """
    try:
        # without waiting: a pipe must not stop the reader for ever
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _refused("this is not an ordinary file", file, "give an XML file")
            data = stream.read(limit_bytes + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _refused(f"the file cannot be read: {reason}", file, "give an XML file") from error
    return parse_xml(data, file=file, limit_bytes=limit_bytes)


def parse_xml(data: bytes, *, file: str, limit_bytes: int = LIMIT_BYTES) -> XmlElement:
    """Give the root element of an XML text.

    Raises:
        ProductionError: too large, not in a known encoding, not well-formed, or with
            declarations of entities.
    """
    if len(data) > limit_bytes:
        raise _refused(
            f"the file is larger than {limit_bytes // 1_000_000} MB",
            file,
            "export fewer entries at a time",
        )
    text = _without_doctype(_decoded(data, file), file)
    illegal = _ILLEGAL.search(text)
    if illegal:
        line = text.count("\n", 0, illegal.start()) + 1
        raise _refused(
            f"the character U+{ord(illegal[0]):04X} may not stand in XML",
            f"{file}:{line}",
            "delete it, or export the file again",
        )
    return _parsed(text, file)


def make_element(
    tag: str,
    *,
    attributes: Mapping[str, str] | None = None,
    text: str = "",
    children: Iterable[XmlElement] = (),
    namespaces: dict[str | None, str] | None = None,
) -> XmlElement:
    """Make an element; its attributes are kept in the order given.

    Args:
        tag: with its namespace in braces where it has one.
        attributes: by name; those of xml: as ``XML_LANG``.
        text: what it holds before its children; no character that XML refuses.
        children: in order.
        namespaces: prefix (None for the default) to address, for the root element.
    """
    # the stubs do not know that None stands for the default namespace
    prefixes = cast("dict[str, str] | None", namespaces)
    made: XmlElement = etree.Element(tag, dict(attributes or {}), nsmap=prefixes)
    if text:
        made.text = text
    made.extend(list(children))
    return made


def line_of(element: XmlElement) -> int:
    """Give the line on which an element begins, from 1; 0 for one that was made here."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def render_xml(element: XmlElement) -> bytes:
    """Write an element as a file: UTF-8, indented by two spaces, the same bytes every time.

    For elements that hold either text or children; an element with both is written as it is.
    """
    root = copy.deepcopy(element)
    _indent(root, "\n")
    root.tail = None
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _indent(element: XmlElement, margin: str) -> None:
    children = list(element)
    if (
        not children
        or (element.text or "").strip()
        or any((c.tail or "").strip() for c in children)
    ):
        return
    inner = margin + "  "
    element.text = inner
    for child in children:
        _indent(child, inner)
        child.tail = inner
    children[-1].tail = margin


def _decoded(data: bytes, file: str) -> str:
    """Decode by byte order mark, else by the declaration, else as UTF-8."""
    name = "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    else:
        declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf").lstrip())
        name = declared[1].decode("ascii").lower() if declared else name
        found = _KNOWN_ENCODINGS.get(name)
        if found is None:
            raise _refused(
                f"the encoding {shown(name)} is not read", file, "save the file as UTF-8"
            )
        codec = found
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(
            f"the bytes are not {codec.removesuffix('-sig')}",
            f"{file}:{line}",
            "save the file as UTF-8",
        ) from error


def _without_doctype(text: str, file: str) -> str:
    """Take the declaration and a harmless document type away, keeping every line's number."""
    declaration = _DECLARATION.match(text)
    if declaration:
        text = "\n" * declaration[0].count("\n") + text[declaration.end() :]
    text = text.removeprefix("\ufeff")
    before = _BEFORE_ROOT.match(text)
    start = before.end() if before else 0
    if not text.startswith("<!DOCTYPE", start):
        return text
    found = _DOCTYPE.match(text, start)
    if found is None:
        line = text.count("\n", 0, start) + 1
        raise _refused(
            "a document type with declarations of its own (entities) is not taken",
            f"{file}:{line}",
            "delete everything from <!DOCTYPE to ]>, with the words written out",
        )
    return text[:start] + "\n" * found[0].count("\n") + text[found.end() :]


def _parsed(text: str, file: str) -> XmlElement:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise _refused(
            f"this is not well-formed XML: {shown(error.msg or 'no element', most=120)}",
            f"{file}:{line}" if line else file,
            "correct it there, or export the file again",
        ) from error
    _check_depth(root, file)
    return root


def _check_depth(root: XmlElement, file: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise _refused(
                f"elements lie more than {MAX_DEPTH} deep",
                f"{file}:{line_of(element)}",
                "this is no file of words; export it again",
            )


def _refused(problem: str, where: str, remedy: str) -> ProductionError:
    return ProductionError(problem, where=where, remedy=remedy)
