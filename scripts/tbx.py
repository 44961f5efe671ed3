"""TBX, the standard's exchange format for terms: ISO 30042:2019, dialect TBX-Basic.

Written in style DCA. Read in DCA and DCT, and in the older form with martif and termEntry
(ISO 30042:2008), which most tools still write. What the standard has no place for (why, what to
say, a row's severity, its examples) stands in notes that begin with ``altavoz:``, which other
programs show and keep.
"""

import re
from collections.abc import Iterable, Iterator

from programme.findings import Findings, Severity
from programme.identifiers import is_id
from programme.languages import canonical
from scripts.nodes import Table
from scripts.term_concepts import Concept, LanguageTerms
from scripts.term_nodes import LANGUAGE_LISTS, ROW_LISTS, ROW_TEXTS, Gathered, Part, plain_row
from scripts.term_words import first_form, literal
from scripts.wording import shown
from scripts.xml_text import XML_LANG, XmlElement, line_of, make_element, render_xml

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_PREFERRED, _ADMITTED, _DEPRECATED = (
    f"{status}Term-admn-sts" for status in ("preferred", "admitted", "deprecated")
)
_AVOIDED = frozenset({_DEPRECATED, "supersededTerm-admn-sts", "deprecatedTerm", "supersededTerm"})
_STATUS = {"use": _PREFERRED, "audience_words": _ADMITTED, "also": _ADMITTED}
_OWN = re.compile(r"altavoz:([a-zA-Z0-9_:-]+)=(.*)\Z", re.DOTALL)
_BREAK = re.compile(r"\s*\n\s*")
_NOT_ID = re.compile(r"[^a-z0-9]+")
_BY_TYPE = frozenset({"descrip", "termNote", "admin", "ref", "xref"})
"""Elements of style DCA whose kind stands in their type."""


def render_tbx(concepts: Iterable[Concept]) -> bytes:
    """Write concepts as a TBX-Basic document, the same bytes every time."""
    header = _make(
        "tbxHeader",
        _make(
            "fileDesc",
            _make("titleStmt", _make("title", text="Altavoz: terms")),
            _make("sourceDesc", _make("p", text="Terms of an Altavoz workspace")),
        ),
    )
    body = _make("body", *(_entry(concept) for concept in concepts))
    root = make_element(
        f"{{{NAMESPACE}}}tbx",
        attributes={"style": "dca", "type": "TBX-Basic", XML_LANG: "en"},
        children=[header, _make("text", body)],
        namespaces={None: NAMESPACE},
    )
    return render_xml(root)


def _make(tag: str, *children: XmlElement, text: str = "", **attributes: str) -> XmlElement:
    return make_element(
        f"{{{NAMESPACE}}}{tag}", attributes=attributes, text=text, children=children
    )


def _note(key: str, value: str) -> XmlElement:
    return _make("note", text=f"altavoz:{key}={value}")


def _entry(concept: Concept) -> XmlElement:
    parts = [
        _make("ref", type="crossReference", target=other, text=other)
        for other in concept.confusable_with
    ]
    parts += [_make("admin", type="source", text=source) for source in concept.sources]
    sections = []
    for tag, terms in concept.terms.items():
        terms_sections = list(_term_sections(terms))
        if terms_sections:
            section = _make("langSec", *_about(terms), *terms_sections)
            section.set(XML_LANG, tag)
            sections.append(section)
        else:  # the standard wants a term in each language: what has none is told above them
            parts.append(_note(f"{tag}:", ""))
            parts += [_note(f"{tag}:{key}", text) for key, text in _told(terms)]
    return _make("conceptEntry", *parts, *sections, id=concept.id)


def _told(terms: LanguageTerms) -> Iterator[tuple[str, str]]:
    for key in ("definition", "reason"):
        if getattr(terms, key):
            yield key, getattr(terms, key)
    for phrase in terms.unless:
        yield "unless", phrase


def _about(terms: LanguageTerms) -> Iterator[XmlElement]:
    for key, text in _told(terms):
        is_definition = key == "definition"
        yield _make("descrip", type=key, text=text) if is_definition else _note(key, text)


def _term_sections(terms: LanguageTerms) -> Iterator[XmlElement]:
    for key, status in _STATUS.items():
        for pattern in getattr(terms, key):
            notes = [_note("kind", key)] if key == "also" else []
            yield _term(pattern, status, notes)
    for row in terms.avoid:
        plain = plain_row(row)
        notes = [_note(key, str(plain[key])) for key in ROW_TEXTS if key in plain]
        for key in ROW_LISTS[1:]:
            found = plain.get(key, [])
            notes += [_note(key, item) for item in (found if isinstance(found, list) else [])]
        for number, pattern in enumerate(row.avoid):
            yield _term(pattern, _DEPRECATED, [_note("row", row.row), *(() if number else notes)])


def _term(pattern: str, status: str, notes: list[XmlElement]) -> XmlElement:
    term = first_form(pattern)
    if term != pattern:
        notes = [_note("pattern", pattern), *notes]
    return _make(
        "termSec",
        _make("term", text=term),
        _make("termNote", type="administrativeStatus", text=status),
        *notes,
    )


def parse_tbx(root: XmlElement, *, file: str, findings: Findings) -> Table:
    """Give a table as scripts.read_terms reads it.

    A term without a status is one to use, an admitted one a word of the audience; a deprecated
    one is to be avoided with a warning, and the first preferred one of its language said instead.
    """
    reader = _Reader(file, findings)
    entries = [found for found in root.iter() if _name(found) in {"conceptEntry", "termEntry"}]
    ids = [(entry.get("id") or "").strip() for entry in entries]
    for number, (entry, id_) in enumerate(zip(entries, ids, strict=True), start=1):
        if ids.count(id_) > 1 and ids.index(id_) < number - 1 and id_:
            reader.fault(entry, f"the entry {shown(id_)} stands here twice", "put both into one")
        reader.entry(entry, id_, number)
    if not entries:
        reader.fault(root, "there is no entry of a term base here", "export it as TBX-Basic")
    return reader.gathered.table()


class _Reader:
    """Takes the entries of one document."""

    def __init__(self, file: str, findings: Findings) -> None:
        self.file = file
        self.findings = findings
        self.gathered = Gathered()

    def fault(
        self,
        element: XmlElement,
        problem: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note something that is wrong with an element."""
        self.findings.add(
            file=self.file,
            line=line_of(element),
            rule="terms.tbx",
            severity=severity,
            problem=problem,
            remedy=remedy,
        )

    def entry(self, entry: XmlElement, given: str, number: int) -> None:
        """Take one concept."""
        id_ = given if is_id(given) else _id_from(entry, given, number)
        concept = self.gathered.concept(id_, line_of(entry))
        for element in _flat(entry):
            kind, line = _kind(element), line_of(element)
            text = _text(element)
            if kind == "crossReference":
                target = (element.get("target") or "").removeprefix("#") or text
                concept.add("confusable_with", [target], line)
            elif kind == "source":
                concept.add("sources", [text], line)
            elif kind == "note" and (own := _OWN.match(text)):
                self.told_above(id_, own[1], own[2], line)
            elif kind == "definition":
                self.gathered.told(id_, "definition", _tag(entry) or "en", text, line)
            elif kind in {"langSec", "langSet"}:
                self.section(id_, element)

    def told_above(self, id_: str, key: str, text: str, line: int) -> None:
        """Take a note on a language that has no term: altavoz:<tag>:<key>=<text>."""
        tag, _, name = key.partition(":")
        language = self.gathered.language(id_, tag, line)
        if name == "unless":
            language.add(name, [text], line)
        elif name in {"definition", "reason"}:
            self.gathered.told(id_, name, tag, text, line)

    def section(self, id_: str, section: XmlElement) -> None:
        """Take a concept in one language."""
        tag = _tag(section)
        if tag is None:
            remedy = 'give it a tag, such as xml:lang="es"'
            self.fault(section, "a language section without a language", remedy)
            return
        language = self.gathered.language(id_, tag, line_of(section))
        terms = []
        for element in _flat(section):
            kind, text, line = _kind(element), _text(element), line_of(element)
            own = _OWN.match(text) if kind == "note" else None
            if kind == "definition":
                self.gathered.told(id_, kind, tag, text, line)
            elif own is not None and own[1] == "reason":
                self.gathered.told(id_, own[1], tag, own[2], line)
            elif own is not None and own[1] in LANGUAGE_LISTS:
                language.add(own[1], [own[2]], line)
            elif kind in {"termSec", "tig", "ntig"}:
                terms.append(_Term(element))
        preferred = next((one.term for one in terms if not one.is_avoided), "")
        for one in terms:
            self.term(one, language, preferred)

    def term(self, term: "_Term", language: Part, preferred: str) -> None:
        """Take one term."""
        line = line_of(term.element)
        if not term.term:
            self.fault(term.element, "an empty term", "write it, or delete the entry")
            return
        if not term.is_avoided:
            kind = "use" if term.status in {"", _PREFERRED, "preferredTerm"} else "audience_words"
            language.add(term.own.get("kind", [kind])[0], [term.pattern], line)
            return
        name = term.own.get("row", [str(len(language.rows.get("avoid", {})) + 1)])[0]
        row = language.row("avoid", name, line)
        row.text("row", name, line)
        row.add("patterns", [term.pattern], line)
        for key in ROW_TEXTS:
            row.text(key, term.own.get(key, [""])[0], line)
        for key in ROW_LISTS[1:]:
            row.add(key, term.own.get(key, []), line)
        if "row" in term.own:
            return
        row.text("severity", Severity.WARNING.value, line)
        row.text("say", preferred, line)
        if not preferred:
            self.fault(
                term.element,
                f"{shown(term.term)} is deprecated, and no term says what to use",
                "add a preferred term in that language",
            )
            row.text("say", term.term, line)


class _Term:
    """One term section."""

    def __init__(self, element: XmlElement) -> None:
        self.element = element
        self.term = self.status = ""
        self.own: dict[str, list[str]] = {}
        """Notes of our own, by key."""
        for part in element.iter():
            kind, text = _kind(part), _text(part)
            if kind == "term" and not self.term:
                self.term = text
            elif kind in {"administrativeStatus", "normativeAuthorization"}:
                self.status = text
            elif kind == "note" and (own := _OWN.match(text)):
                self.own.setdefault(own[1], []).append(own[2])

    @property
    def is_avoided(self) -> bool:
        return self.status in _AVOIDED

    @property
    def pattern(self) -> str:
        return self.own.get("pattern", [literal(self.term)])[0]


def _id_from(entry: XmlElement, given: str, number: int) -> str:
    """Make an id where a document's own cannot be one: from its first term, else its number."""
    words = [_text(part) for part in entry.iter() if _name(part) == "term"]
    for text in [*words, given]:
        made = _NOT_ID.sub("-", text.lower()).strip("-")[:60].strip("-")
        if is_id(made) and made.isascii():
            return made
    return f"concept-{number}"


def _flat(element: XmlElement) -> Iterator[XmlElement]:
    """Give the children, those inside of a group (descripGrp, adminGrp) in its place."""
    for child in element:
        if _name(child).endswith("Grp"):
            yield from child
        else:
            yield child


def _name(element: XmlElement) -> str:
    return str(element.tag).rpartition("}")[2]


def _kind(element: XmlElement) -> str:
    name = _name(element)
    return element.get("type") or name if name in _BY_TYPE else name


def _text(element: XmlElement) -> str:
    return _BREAK.sub(" ", "".join(str(part) for part in element.itertext())).strip()


def _tag(element: XmlElement) -> str | None:
    given = (element.get(XML_LANG) or "").strip().replace("_", "-")
    return (canonical(given) or given) if given else None
