"""XML from strangers: what is refused, where, and that what is written reads back."""

import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.errors import ProductionError
from scripts.xml_text import (
    LIMIT_BYTES,
    XML_LANG,
    XmlElement,
    line_of,
    make_element,
    parse_xml,
    read_xml,
    render_xml,
)

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
]>
<lolz a="&lol3;">&lol3;</lolz>
"""


def refusal(data: bytes) -> ProductionError:
    with pytest.raises(ProductionError) as caught:
        parse_xml(data, file="a.xml")
    return caught.value


def test_a_plain_file_is_read_with_its_lines() -> None:
    root = parse_xml(b'<?xml version="1.0"?>\n<a xml:lang="es">\n<b>\xc3\xb1</b></a>', file="a.xml")
    assert (root.tag, root.get(XML_LANG), root[0].text, line_of(root[0])) == ("a", "es", "ñ", 3)


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("us-ascii", "ascii"),
    ],
)
def test_the_usual_encodings_are_read(encoding: str, codec: str) -> None:
    word = "agua" if codec == "ascii" else "año"
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>{word}</a>'.encode(codec)
    assert parse_xml(data, file="a.xml").text == word


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (BOMB, 2, "document type"),
        (BOMB.decode().encode("utf-16"), 2, "document type"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 1, "document type"),
        (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]><a/>', 1, "document type"),
        (b"<!-- x -->\n<!DOCTYPE a [\n<!ATTLIST a b CDATA 'c'>]>\n<a/>", 2, "document type"),
        (b'<!DOCTYPE a SYSTEM "a.dtd">\n<a>\n&x;</a>', 3, "well-formed"),
        (b'<!DOCTYPE a SYSTEM "a.dtd">\n<a b="&x;"/>', 2, "well-formed"),
        (b"<a>\n<b></a>", 2, "well-formed"),
        (b"<a/><b/>", 1, "well-formed"),
        (b"<a>\xff</a>", 1, "utf-8"),
        (b"<a>\n\x07</a>", 2, "U+0007"),
        (b"<a>\n&#7;</a>", 2, "well-formed"),
        (b"", 1, "well-formed"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', 0, "utf-7"),
        (b"<a>" * 101 + b"</a>" * 101, 1, "deep"),
        (b"<a>" * 50_000, 1, "well-formed"),
        (b"\x1f\x8b\x08\x00\x00", 1, "utf-8"),
    ],
)
def test_what_is_not_plain_xml_is_refused_at_its_line(data: bytes, line: int, says: str) -> None:
    error = refusal(data)
    assert says in error.problem
    assert error.where == (f"a.xml:{line}" if line else "a.xml")
    assert error.remedy


def test_an_outside_document_type_is_named_but_never_opened(tmp_path: Path) -> None:
    trap = tmp_path / "trap.dtd"
    os.mkfifo(trap)  # opening it would wait for ever
    data = f'<!DOCTYPE a SYSTEM "{trap.as_uri()}">\n<a>x</a>'.encode()
    root = parse_xml(data, file="a.xml")
    assert (root.text, line_of(root)) == ("x", 2)


def test_an_include_stays_an_element_that_nobody_follows(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("never", encoding="utf-8")
    data = (
        '<a xmlns:xi="http://www.w3.org/2001/XInclude">'
        f'<xi:include parse="text" href="{secret.as_uri()}"/></a>'
    )
    assert b"never" not in render_xml(parse_xml(data.encode(), file="a.xml"))


def test_a_file_of_50_mb_is_refused_unread() -> None:
    error = refusal(b"<a>" + b"x" * 50_000_000 + b"</a>")
    assert str(LIMIT_BYTES // 1_000_000) in error.problem


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.xml"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "missing.xml"):
        with pytest.raises(ProductionError):
            read_xml(path, file=path.name)


# What XML 1.0 (2.2) allows, without the carriage return, which a reader gives back as a new line.
_NOT_IN_XML = [*range(9), *range(0x0B, 0x20), 0xFFFE, 0xFFFF]
in_xml = st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, _NOT_IN_XML)))
words = st.text(in_xml, max_size=30)
names = st.sampled_from(["a", "b", "{urn:x}c"])


def trees() -> st.SearchStrategy[XmlElement]:
    leaf = st.builds(
        lambda tag, text, note: make_element(tag, attributes={"note": note}, text=text),
        names,
        words.filter(lambda text: not text or bool(text.strip())),
        words,
    )
    return st.recursive(
        leaf,
        lambda inner: st.builds(
            lambda tag, children: make_element(tag, children=children),
            names,
            st.lists(inner, min_size=1, max_size=3),
        ),
        max_leaves=8,
    )


def plain(element: XmlElement) -> object:
    children = [plain(child) for child in element]
    return [element.tag, dict(element.attrib), "" if children else element.text or "", children]


@given(trees())
def test_what_is_written_reads_back_and_another_reader_agrees(tree: XmlElement) -> None:
    data = render_xml(tree)
    assert data == render_xml(tree)
    again = parse_xml(data, file="a.xml")
    assert plain(again) == plain(tree)
    assert render_xml(again) == data
    judged = ET.fromstring(data)  # noqa: S314 - our own bytes
    assert [e.tag for e in judged.iter()] == [e.tag for e in again.iter()]
