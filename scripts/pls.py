"""Pronunciations as W3C PLS 1.0, read and written.

Pronunciation Lexicon Specification (PLS) Version 1.0, W3C Recommendation of 14 October 2008,
https://www.w3.org/TR/pronunciation-lexicon/. ``say`` is an ``<alias>`` (section 4.7), ``ipa`` a
``<phoneme>`` (4.6), and what PLS has no word for (voices, kind, capitals, full names, notes)
stands in ``<metadata>`` (4.3) under a name of our own, by the lexeme's xml:id, so that other
programs pass it over and nothing is lost on the way back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from programme.findings import Findings, Severity
from programme.languages import canonical, is_known
from programme.units import LanguageTag
from scripts.lexicon import Pronunciation, WordKind, is_exact
from scripts.normal_text import normal
from scripts.read_lexicon import ipa_fault, says_number, voice_fault, word_fault
from scripts.wording import shown
from scripts.xml_text import XML_ID, XML_LANG, XmlElement, line_of, make_element, render_xml

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
OWN_NAMESPACE = "urn:x-altavoz:lexicon"

_P = f"{{{NAMESPACE}}}"
_O = f"{{{OWN_NAMESPACE}}}"
_IN_LEXICON = frozenset({"meta", "metadata", "lexeme"})
_IN_LEXEME = frozenset({"grapheme", "phoneme", "alias", "example"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlsFile:
    """What a PLS file holds."""

    language: LanguageTag
    entries: tuple[Pronunciation, ...]
    """Those that are sound, in the order of the file; ``line`` is that of their lexeme."""


def render_pls(entries: Iterable[Pronunciation], language: LanguageTag) -> bytes:
    """Write entries as a PLS file; the same entries give the same bytes.

    Entries for everybody come before those for one voice, because programs that know nothing of
    our voices take the first lexeme of a word.
    """
    ordered = sorted(entries, key=lambda entry: bool(entry.voices))
    named = [(f"w{number}", entry) for number, entry in enumerate(ordered, start=1)]
    own = make_element(
        f"{_O}entries",
        children=[_own_element(name, entry) for name, entry in named],
        namespaces={None: OWN_NAMESPACE},
    )
    metadata = [make_element(f"{_P}metadata", children=[own])] if named else []
    root = make_element(
        f"{_P}lexicon",
        attributes={"version": "1.0", "alphabet": "ipa", XML_LANG: language},
        children=[*metadata, *(_lexeme(name, entry) for name, entry in named)],
        namespaces={None: NAMESPACE},
    )
    return render_xml(root)


def read_pls(root: XmlElement, *, file: str, findings: Findings) -> PlsFile | None:
    """Give the sound entries of a parsed PLS file; every fault is among the findings.

    None where the file as a whole is of no use: another format or version, or no language.
    """
    return _Reader(file=file, findings=findings).lexicon(root)


def _own_element(name: str, entry: Pronunciation) -> XmlElement:
    attributes = {
        "lexeme": name,
        "kind": entry.kind.value,
        "exact": "yes" if entry.exact else "no",
    }
    if entry.voices:
        attributes["voices"] = " ".join(entry.voices)
    children = [make_element(f"{_O}full", text=full) for full in entry.full]
    if entry.note:
        children.append(make_element(f"{_O}note", text=entry.note))
    return make_element(f"{_O}entry", attributes=attributes, children=children)


def _lexeme(name: str, entry: Pronunciation) -> XmlElement:
    children = [make_element(f"{_P}grapheme", text=entry.written)]
    if entry.say:
        children.append(make_element(f"{_P}alias", text=entry.say))
    if entry.ipa:
        children.append(make_element(f"{_P}phoneme", text=entry.ipa))
    return make_element(f"{_P}lexeme", attributes={XML_ID: name}, children=children)


class _Reader:
    """Reads one file, noting everything that is wrong."""

    def __init__(self, *, file: str, findings: Findings) -> None:
        self.file = file
        self.findings = findings
        self.language = LanguageTag("")

    def lexicon(self, root: XmlElement) -> PlsFile | None:
        """Read the root."""
        if root.tag != f"{_P}lexicon":
            what = shown(str(root.tag))
            self.note(
                root,
                "pls.namespace",
                f"this is no PLS lexicon: its root is {what}",
                f'begin it with <lexicon version="1.0" xmlns="{NAMESPACE}">',
            )
            return None
        version = root.get("version", "")
        if version != "1.0":
            found = f"version {shown(version)}" if version else "no version"
            self.note(root, "pls.version", found, 'write version="1.0"')
        self.language = self.tag_of(root)
        if version != "1.0" or not self.language:
            return None
        alphabet = root.get("alphabet", "")
        if not alphabet:
            self.note(root, "pls.alphabet", "no alphabet", 'write alphabet="ipa"', Severity.WARNING)
        notes = self.own_notes(root)
        entries: list[Pronunciation] = []
        for element in self.children(root, _IN_LEXICON):
            if element.tag == f"{_P}lexeme":
                entries += self.lexeme(element, alphabet, notes)
        return PlsFile(language=self.language, entries=self.distinct(entries))

    def tag_of(self, root: XmlElement) -> LanguageTag:
        """Give the file's language; empty where it has none that is known."""
        written = root.get(XML_LANG, "").strip()
        tag = canonical(written)
        if tag is not None and is_known(tag):
            return tag
        what = f"xml:lang is {shown(written)}, no language here" if written else "no xml:lang"
        self.note(root, "pls.language", what, 'write xml:lang="es-419" or another known tag')
        return LanguageTag("")

    def children(self, element: XmlElement, known: frozenset[str]) -> list[XmlElement]:
        """Give the elements of PLS inside another; those of other vocabularies are passed over."""
        found = []
        for child in element:
            name = str(child.tag)
            if name.startswith(_P) and name.removeprefix(_P) in known:
                found.append(child)
            elif name.startswith(_P) or not name.startswith("{"):
                self.note(
                    child,
                    "pls.element",
                    f"<{shown(name.removeprefix(_P))}> has no place here",
                    f"PLS knows here: {', '.join(sorted(known))}",
                )
        return found

    def lexeme(
        self, element: XmlElement, alphabet: str, notes: Mapping[str, XmlElement]
    ) -> list[Pronunciation]:
        """Read one lexeme: an entry for each of its written forms."""
        children = self.children(element, _IN_LEXEME)
        parts = {
            name: [child for child in children if child.tag == f"{_P}{name}"] for name in _IN_LEXEME
        }
        forms = [self.words(child) for child in parts["grapheme"]]
        if not forms:
            self.note(element, "pls.grapheme", "a lexeme without a written form", "add <grapheme>")
        say = self.preferred(parts["alias"], self.words)
        ipa = self.preferred(parts["phoneme"], lambda child: self.ipa(child, alphabet))
        if not parts["alias"] and not parts["phoneme"]:
            self.note(element, "pls.pronunciation", "a lexeme that does not say how", "add <alias>")
        if len(forms) > 1:
            self.note(
                element,
                "pls.graphemes",
                f"{len(forms)} written forms in one lexeme: each becomes an entry",
                "nothing to do; PLS allows it",
                Severity.INFO,
            )
        if say is None or ipa is None or not (say or ipa):
            return []
        extra = notes.get(element.get(XML_ID, ""))
        for form in forms:
            exact = is_exact(form or "") if extra is None else extra.get("exact") == "yes"
            if form and says_number(form, self.language, exact=exact):
                self.note(
                    element,
                    "lexicon.number",
                    f"«{shown(form)}» is how a number or a month is said",
                    "delete it: it would change telephone numbers and dates",
                )
                return []
        made = [
            Pronunciation(
                written=form,
                say=say,
                ipa=ipa,
                kind=WordKind.ACRONYM if is_exact(form) else WordKind.NAME,
                exact=is_exact(form),
                line=line_of(element),
            )
            for form in forms
            if form
        ]
        return made if extra is None else [self.with_notes(one, extra) for one in made]

    def preferred(
        self, elements: list[XmlElement], read: Callable[[XmlElement], str | None]
    ) -> str | None:
        """Give the pronunciation that PLS would take (section 4.9.3); None where one has faults."""
        if not elements:
            return ""
        texts = [read(element) for element in elements]
        if None in texts:
            return None
        marked = [n for n, one in enumerate(elements) if one.get("prefer") == "true"]
        chosen = marked[0] if marked else 0
        for number, element in enumerate(elements):
            if number != chosen:
                self.note(
                    element,
                    "pls.alternative",
                    f"a second pronunciation, which is not taken: «{shown(texts[number] or '')}»",
                    'one is enough to speak; delete this one, or mark it prefer="true"',
                    Severity.WARNING,
                )
        return texts[chosen]

    def words(self, element: XmlElement) -> str | None:
        """Give a written form or an alias; None for one that was reported."""
        text = self.text(element)
        if text is None:
            return None
        words = " ".join(normal(text, self.language).split())
        fault = word_fault(words, self.language)
        if not fault:
            return words
        self.note(
            element,
            "pls.words",
            f"«{shown(words)}» holds {fault}",
            "write words only, as they are read aloud: no figures, no signs",
        )
        return None

    def ipa(self, element: XmlElement, alphabet: str) -> str | None:
        """Give a transcription; None for one that was reported."""
        used = element.get("alphabet", alphabet)
        text = self.text(element)
        if text is None:
            return None
        transcription = " ".join(normal(text, self.language).split())
        if used != "ipa":
            self.note(
                element,
                "pls.alphabet",
                f"a phoneme in the alphabet {shown(used) or 'that nobody named'}",
                'write it in IPA, with alphabet="ipa"; or write an <alias>',
            )
            return None
        if ipa_fault(transcription):
            what = f"«{shown(transcription)}» is no transcription"
            self.note(element, "pls.phoneme", what, "write IPA letters without brackets or figures")
            return None
        return transcription

    def text(self, element: XmlElement) -> str | None:
        """Give the text of an element that may hold nothing else."""
        if len(element):
            self.note(element[0], "pls.element", "an element inside text", "write text only")
            return None
        return element.text or ""

    def own_notes(self, root: XmlElement) -> Mapping[str, XmlElement]:
        """Give what an earlier export kept of each lexeme."""
        return {
            entry.get("lexeme", ""): entry
            for metadata in root.iterfind(f"{_P}metadata")
            for entry in metadata.iterfind(f"{_O}entries/{_O}entry")
        }

    def with_notes(self, entry: Pronunciation, extra: XmlElement) -> Pronunciation:
        """Add what an earlier export kept; a stranger may have written it."""
        voices = tuple(sorted(set(extra.get("voices", "").split())))
        kind = extra.get("kind", entry.kind.value)
        bad = [voice for voice in voices if voice_fault(voice)]
        if bad or kind not in {one.value for one in WordKind}:
            what = f"the voice {shown(bad[0])}" if bad else f"the kind {shown(kind)}"
            self.note(extra, "pls.metadata", f"{what} is not known here", "correct or delete it")
            return entry
        return replace(
            entry,
            voices=voices,
            kind=WordKind(kind),
            exact=extra.get("exact") == "yes",
            full=tuple(" ".join((one.text or "").split()) for one in extra.iterfind(f"{_O}full")),
            note=" ".join(normal(extra.findtext(f"{_O}note") or "", self.language).split()),
        )

    def distinct(self, entries: list[Pronunciation]) -> tuple[Pronunciation, ...]:
        """Give the first entry for each word and voices, as PLS takes the first lexeme."""
        kept: dict[object, Pronunciation] = {}
        for entry in entries:
            first = kept.setdefault(entry.key, entry)
            if first is not entry:
                self.findings.add(
                    file=self.file,
                    line=entry.line,
                    rule="pls.duplicate",
                    severity=Severity.WARNING,
                    problem=f"«{shown(entry.written)}» is in line {first.line} already",
                    remedy="the first one stands; delete this one",
                )
        return tuple(kept.values())

    def note(
        self,
        element: XmlElement,
        rule: str,
        problem: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note what is wrong at an element."""
        self.findings.add(
            file=self.file,
            line=line_of(element),
            rule=rule,
            problem=problem,
            remedy=remedy,
            severity=severity,
        )
