"""Segments from scripts/<segment>/: what segment.yml says, and which texts lie beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from programme.findings import Findings, Severity
from programme.identifiers import ID_RULE, is_id
from programme.segments import FURNITURE, Segment, SegmentKind
from programme.units import LanguageTag
from scripts.fields import Fields
from scripts.language_maps import tag_fault
from scripts.nodes import Items, Text
from scripts.read_facts import check_review_order, read_sources
from scripts.segment_found import SegmentFound
from scripts.summaries import Summary
from scripts.tree import Entry, Listing, Tree
from scripts.wording import did_you_mean, listed, shown
from scripts.yaml_reading import read_table

SEGMENT_FILE = "segment.yml"
FOLDER = "scripts"

STAGES = (
    *("before-departure", "transit", "arrival", "stay"),
    *("reunification", "return", "circulation"),
)
"""Of the journey, as in the Regional Conference on Migration's review of the Global Compact."""

AUDIENCES = (
    *("migrants", "women", "men", "children", "unaccompanied-children", "adolescents", "families"),
    *("elderly", "lgbtiq", "refugees", "asylum-seekers", "trafficking-victims", "indigenous"),
    *("people-with-disabilities", "families-of-the-missing", "diaspora", "host-community"),
    *("employers", "schools", "returnees", "workers", "demand-side"),
)

_ENDINGS = (".md", ".from")

NEEDS_ACTION = frozenset({SegmentKind.PROCEDURE, SegmentKind.SERVICE_PROMPT, SegmentKind.ALERT})
"""Kinds that must tell listeners what to do."""


class SegmentFiles:
    """What the scripts folder holds; of what was kept, most is read when somebody asks."""

    def __init__(self) -> None:
        """Begin with no segment."""
        self.folders: dict[str, str] = {}
        """Every segment that has a folder, also one with faults, and the folder's name for
        messages."""
        self.languages: set[LanguageTag] = set()
        """Those in which anything is written."""
        self.consents: set[str] = set()
        """Every record that a segment names."""
        self.faces: list[str] = []
        """See SegmentFound; of each segment, in their order."""
        self._found: dict[str, SegmentFound] = {}

    def take(self, folder: str, found: SegmentFound) -> None:
        """Take a segment; all of them before anything is asked."""
        self.folders[found.id] = folder
        self.languages.update(found.languages)
        if found.consent:
            self.consents.add(found.consent)
        self.faces.append(found.face)
        self._found[found.id] = found

    @cached_property
    def segments(self) -> Mapping[str, Segment]:
        """Those whose metadata are sound."""
        abouts = {name: found.about() for name, found in self._found.items()}
        return {name: one.segment for name, one in abouts.items() if one.segment is not None}

    @cached_property
    def summaries(self) -> Mapping[tuple[str, LanguageTag], Summary]:
        """Of every text, also those of segments whose metadata are faulty."""
        return {
            (name, one.language): one
            for name, found in self._found.items()
            for one in found.about().summaries
        }

    def line(self, segment: str, key: str) -> int:
        """Give the line of a key in a segment's file; 0 where it is not there."""
        return self._found[segment].about().lines.get(key, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFolder:
    """One segment's files."""

    segment: Segment | None
    """None where segment.yml is missing or faulty."""
    lines: Mapping[str, int]
    """Line of each key in segment.yml."""
    texts: Mapping[LanguageTag, Entry]
    provenance: Mapping[LanguageTag, Entry]
    """Copies of the source as it was when it was translated."""


def segment_folders(tree: Tree) -> list[Entry]:
    """Give the folders that hold a segment, by name."""
    found = []
    for folder in tree.entries(FOLDER):
        if not folder.is_folder:
            continue
        if is_id(folder.name):
            found.append(folder)
            continue
        tree.findings.add(
            file=folder.file,
            line=0,
            rule="segment.name",
            problem=f"{shown(folder.name)} cannot name a segment",
            remedy=f"rename the folder: {ID_RULE}",
        )
    return found


def read_segment(
    tree: Tree, folder: Entry, listing: Listing, languages: Sequence[LanguageTag] | None
) -> SegmentFolder:
    """Read a segment's metadata, and find the texts that lie beside it."""
    metadata, texts, provenance = _sorted(tree, folder, listing, languages)
    segment, lines = _read_metadata(tree, folder, metadata)
    return SegmentFolder(segment=segment, lines=lines, texts=texts, provenance=provenance)


def find_texts(
    tree: Tree,
    folder: Entry,
    listing: Listing,
    languages: Sequence[LanguageTag] | None,
    *,
    segment: Segment | None,
    lines: Mapping[str, int],
) -> SegmentFolder:
    """Find a segment's texts, where what segment.yml says is known already."""
    _, texts, provenance = _sorted(tree, folder, listing, languages)
    return SegmentFolder(segment=segment, lines=lines, texts=texts, provenance=provenance)


def _sorted(
    tree: Tree, folder: Entry, listing: Listing, languages: Sequence[LanguageTag] | None
) -> tuple[Entry | None, dict[LanguageTag, Entry], dict[LanguageTag, Entry]]:
    """Give segment.yml, the texts and the copies of the source among a segment's files."""
    metadata: Entry | None = None
    texts: dict[LanguageTag, Entry] = {}
    provenance: dict[LanguageTag, Entry] = {}
    for entry in tree.entries_of(folder.file, listing):
        if entry.name == SEGMENT_FILE:
            metadata = entry
        elif entry.name.endswith(_ENDINGS) and not entry.is_folder:
            tag = _tag_of(entry, languages, tree.findings)
            if tag is not None:
                (texts if entry.name.endswith(".md") else provenance)[tag] = entry
    return metadata, texts, provenance


def _read_metadata(
    tree: Tree, folder: Entry, metadata: Entry | None
) -> tuple[Segment | None, Mapping[str, int]]:
    if metadata is None:
        tree.findings.add(
            file=f"{folder.file}/{SEGMENT_FILE}",
            line=0,
            rule="segment.missing",
            problem="the segment has no segment.yml",
            remedy="write one; altavoz init shows an example",
        )
        return None, {}
    table = read_table(metadata.address, file=metadata.file, findings=tree.findings)
    if table is None:
        return None, {}
    fields = Fields(table, file=metadata.file, findings=tree.findings)
    segment = _segment(fields, folder.name)
    return segment if fields.done() else None, table.key_lines


def _tag_of(
    entry: Entry, languages: Sequence[LanguageTag] | None, findings: Findings
) -> LanguageTag | None:
    fault = tag_fault(entry.stem, languages)
    if fault is None:
        return LanguageTag(entry.stem)
    if entry.suffix == ".md" or fault.severity is Severity.ERROR:
        findings.add(
            file=entry.file,
            line=0,
            rule=fault.rule,
            severity=fault.severity,
            problem=fault.problem,
            remedy=f"{fault.remedy} (a text is named for its language, such as es-419.md)",
        )
    return None


def _segment(fields: Fields, name: str) -> Segment:
    kind = fields.choice("kind", SegmentKind)
    says_kind = fields.sound  # where not, kind stands for none, and nothing follows from it
    expires = fields.day("expires")
    if expires is None and says_kind and kind not in FURNITURE:
        _require_expiry(fields)
    review_by = fields.day("review_by")
    check_review_order(fields, review_by, expires)
    _warn_of_audiences(fields)
    return Segment(
        id=name,
        kind=kind,
        key_message=fields.text("key_message", required=True),
        call_to_action=_call_to_action(fields, kind, needed=says_kind and kind in NEEDS_ACTION),
        topics=fields.ids("topics"),
        stages=fields.words("stages", STAGES),
        audiences=fields.ids("audiences"),
        countries=fields.countries("countries"),
        sensitivity=fields.word("sensitivity", ("normal", "protected")) or "normal",
        sources=read_sources(fields, required=False),
        review_by=review_by,
        expires=expires,
        consent=_consent(fields, kind),
        file=fields.file,
    )


def _require_expiry(fields: Fields) -> None:
    node = fields.table.entries.get("expires")
    if node is None or (isinstance(node, Text) and not node.value.strip()):
        fields.lack(
            "expires",
            "segment.expires",
            "expires is missing: the segment would be on air for ever",
            "write the last day on which it may be broadcast",
        )


def _call_to_action(fields: Fields, kind: SegmentKind, *, needed: bool) -> str:
    text = fields.text("call_to_action")
    if not text and needed:
        fields.lack(
            "call_to_action",
            "segment.call-to-action",
            f"a segment of the kind {kind.value} must say what to do",
            "write one call_to_action",
        )
    return text


def _consent(fields: Fields, kind: SegmentKind) -> str:
    consent = fields.id("consent")
    if kind is SegmentKind.TESTIMONY and not consent and fields.node("consent") is None:
        fields.lack(
            "consent",
            "segment.consent",
            "a testimony needs the consent of the person who speaks",
            "write consent: with the id of its record in private/consent/",
        )
    return consent


def _warn_of_audiences(fields: Fields) -> None:
    node = fields.table.entries.get("audiences")
    for item in node.items if isinstance(node, Items) else ():
        if isinstance(item, Text) and is_id(item.value) and item.value not in AUDIENCES:
            fields.report(
                item.line,
                "segment.audience",
                f"{item.value} is not among the usual audiences, so coverage cannot count it",
                did_you_mean(item.value, AUDIENCES, f"usual: {listed(AUDIENCES, most=30)}"),
                Severity.WARNING,
            )
