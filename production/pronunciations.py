"""A workspace's pronunciations: listed, added to, taken out as PLS and brought in from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audio.voices.catalogue import offer_for, offers
from production.tables import Table
from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.languages import canonical, is_known, language
from programme.units import LanguageTag
from scripts.language_names import describe_tag
from scripts.lexicon import Lexicon, Pronunciation, builtin
from scripts.lexicon_edit import Merged, merge_entries
from scripts.pls import read_pls, render_pls
from scripts.read_lexicon import read_lexicon
from scripts.read_network import read_network
from scripts.tree import Tree
from scripts.xml_text import read_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconDesk:
    """A workspace's lexicon with what is wrong in it; nothing else of the workspace is read."""

    root: Path
    languages: tuple[LanguageTag, ...]
    lexicon: Lexicon
    findings: Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a PLS file would bring."""

    language: LanguageTag
    merged: Merged | None
    """None where nothing may be written."""
    findings: Findings


def open_lexicon(folder: Path) -> LexiconDesk:
    """Read altavoz.toml and lexicon/.

    Raises:
        ProductionError: there is no workspace here, or its altavoz.toml has errors.
    """
    root = folder.resolve()
    if not (root / "altavoz.toml").is_file():
        raise ProductionError(
            "this folder is no workspace: it has no altavoz.toml",
            where=str(folder),
            remedy="go to a workspace, or make one with: altavoz init my-radio",
        )
    findings = Findings()
    tree = Tree(root=root, findings=findings)
    network = read_network(tree, findings)
    if network is None:
        raise ProductionError(
            "altavoz.toml has errors",
            where="altavoz.toml",
            remedy="run altavoz check, and correct what it lists",
            code=ExitCode.FINDINGS,
        )
    own = Findings()
    lexicon = read_lexicon(replace(tree, findings=own), network.languages, own)
    return LexiconDesk(root=root, languages=network.languages, lexicon=lexicon, findings=own)


def lexicon_tag(desk: LexiconDesk, tag: str) -> LanguageTag:
    """Give a tag that a lexicon of this network may have; es where es-419 is spoken.

    Raises:
        ProductionError: no tag, no known language, or none of this network; code USAGE.
    """
    usual = canonical(tag)
    serves = usual is not None and any(f"{one}-".startswith(f"{usual}-") for one in desk.languages)
    if usual is not None and is_known(usual) and serves:
        return usual
    described = describe_tag(tag)
    name = f" ({described.english})" if described and described.exists else ""
    raise ProductionError(
        f"{tag}{name} is not a language of this network",
        where="--lang",
        remedy=f"languages: {', '.join(desk.languages)}",
        code=ExitCode.USAGE,
    )


def check_voices(tag: LanguageTag, voices: Sequence[str]) -> None:
    """Refuse a voice that does not speak the language, which an entry would never reach.

    Raises:
        ProductionError: no such voice; code VOICE.
    """
    for voice in voices:
        engine, _, name = voice.partition("/")
        if name:
            offer_for(engine, name, tag)
        elif not any(offer.engine == engine for offer in offers(tag)):
            raise ProductionError(
                f"the engine {engine} does not speak {language(tag).english}",
                where="--voice",
                remedy=f"see what there is: altavoz voices --lang {tag}",
                code=ExitCode.VOICE,
            )


def lexicon_table(desk: LexiconDesk, tags: Sequence[LanguageTag], *, built_in: bool) -> Table:
    """List the entries that serve some languages, the workspace's own first."""
    rows = []
    for tag in tags:
        rows += [_row(tag, entry, "own") for entry in desk.lexicon.own_of(tag)]
        if built_in:
            rows += [_row(tag, entry, "built in") for entry in builtin(tag)]
    columns = ("language", "written", "said", "ipa", "kind", "voices", "from", "note")
    return Table(columns=columns, rows=tuple(rows))


def export_pls(desk: LexiconDesk, tag: LanguageTag, *, built_in: bool) -> tuple[bytes, int]:
    """Give a language's entries as PLS, and how many there are.

    Raises:
        ProductionError: there is nothing to export.
    """
    entries = {entry.key: replace(entry, line=0) for entry in desk.lexicon.own_of(tag)}
    if built_in:
        for entry in builtin(tag):
            if entry.say:
                entries.setdefault(entry.key, replace(entry, one=""))
    if not entries:
        raise ProductionError(
            f"there are no entries of this workspace for {tag}",
            where="lexicon/",
            remedy="add some: altavoz lexicon add WORD --say ... --lang TAG; or export the "
            "built-in ones with --built-in",
        )
    return render_pls(entries.values(), tag), len(entries)


def import_pls(
    desk: LexiconDesk, path: Path, *, tag: str, replacing: bool, skip_faulty: bool
) -> Import:
    """Read a PLS file and say what it would change; nothing is written yet.

    Args:
        desk: the workspace.
        path: the PLS file.
        tag: the language, where it is not the one that the file names.
        replacing: whether the file's entries stand over the workspace's.
        skip_faulty: whether sound entries come in although others have faults.

    Raises:
        ProductionError: the file is no sound XML, too large, or for a language not spoken here.
    """
    findings = Findings()
    found = read_pls(read_xml(path, file=path.name), file=path.name, findings=findings)
    if found is None:
        return Import(language=LanguageTag(tag), merged=None, findings=findings)
    known = lexicon_tag(desk, tag or found.language)
    if findings.has_errors and not skip_faulty:
        return Import(language=known, merged=None, findings=findings)
    file_findings = Findings()
    merged = merge_entries(
        desk.root, known, found.entries, replacing=replacing, findings=file_findings
    )
    findings.extend(file_findings.items)
    return Import(language=known, merged=merged, findings=findings)


def _row(tag: LanguageTag, entry: Pronunciation, origin: str) -> tuple[str, ...]:
    said = entry.say or " / ".join(entry.full)
    voices = ", ".join(entry.voices) or "all"
    return (tag, entry.written, said, entry.ipa, entry.kind.value, voices, origin, entry.note)
