"""Terms out and in: TBX, CSV and Vale's styles, and what of them becomes a file of terms/."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.identifiers import ID_RULE, is_id
from programme.languages import canonical, is_known, known_tags
from programme.units import LanguageTag
from scripts.nodes import Items, Node, Table
from scripts.own_terms import FOLDER, check_examples
from scripts.read_terms import parse_terms
from scripts.tbx import parse_tbx, render_tbx
from scripts.term_concepts import Concept, TermData
from scripts.term_nodes import render_terms
from scripts.termbase import TermBase
from scripts.terms_csv import parse_terms_csv, render_terms_csv
from scripts.text_files import read_text
from scripts.vale import parse_vale, render_vale
from scripts.wording import did_you_mean
from scripts.xml_text import read_xml
from scripts.yaml_text import parse_yaml, read_table

MOST_BYTES = 10_000_000


class TermFormat(StrEnum):
    """How terms travel."""

    TBX = "tbx"
    VALE = "vale"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import would write."""

    file: str
    """Its place in the workspace."""
    data: bytes
    concepts: tuple[str, ...]
    """Ids that the imported file speaks of."""


def chosen_concepts(
    terms: TermBase, *, languages: Sequence[str] = (), concept: str = ""
) -> list[Concept]:
    """Give concepts, with the terms of some languages only; all where none is named.

    Raises:
        ProductionError: there is no such concept or language.
    """
    everything = terms.everything.concepts
    if concept and concept not in everything:
        raise ProductionError(
            f"there is no concept {concept}",
            remedy=did_you_mean(concept, everything, "altavoz terms list shows them"),
            code=ExitCode.USAGE,
        )
    tags = [language_tag(tag) for tag in languages]
    found = []
    for one in [everything[concept]] if concept else everything.values():
        if tags:
            kept = {
                tag: terms
                for tag, terms in one.terms.items()
                if any(tag == wanted or wanted.startswith(f"{tag}-") for wanted in tags)
            }
            if kept:
                found.append(replace(one, terms=kept))
        else:
            found.append(one)
    return found


def language_tag(text: str) -> LanguageTag:
    """Give a tag in its usual case.

    Raises:
        ProductionError: it is none that is known.
    """
    tag = canonical(text)
    if tag is None or not is_known(tag):
        raise ProductionError(
            f"{text} is no language that is known",
            remedy=did_you_mean(text, known_tags(), "write a tag such as es or pt-BR"),
            code=ExitCode.USAGE,
        )
    return tag


def render_export(concepts: Iterable[Concept], form: TermFormat) -> dict[str, bytes]:
    """Give the files of an export by name; TBX and CSV are one file, whose name is empty."""
    if form is TermFormat.VALE:
        return render_vale(concepts)
    return {"": render_tbx(concepts) if form is TermFormat.TBX else render_terms_csv(concepts)}


def plan_import(
    path: Path, *, root: Path, name: str, language: str, terms: TermBase, findings: Findings
) -> Imported | None:
    """Read a file from elsewhere and say what file of terms/ it would make; writes nothing.

    Args:
        path: a .tbx or .xml file, a .csv file, a .yml rule of Vale's, or a folder of these rules.
        root: of the workspace.
        name: of the file in terms/; empty for the name of the file that is read. Where a file of
            that name stands already, what is new is added and what is in both is changed.
        language: of a Vale rule.
        terms: the workspace's, whose concepts may be referred to.
        findings: takes every fault.

    Returns:
        None where an error is among the findings.

    Raises:
        ProductionError: the file cannot be read as anything, or the name cannot be one.
    """
    stem = name or path.stem.lower().replace(" ", "-").replace(".", "-")
    if not is_id(stem):
        raise ProductionError(f"{stem} cannot name a file", remedy=f"give --name: {ID_RULE}")
    table = _read(path, language, findings)
    if table is None:
        return None
    file = f"{FOLDER}/{stem}.yml"
    below = _stands_already(root / FOLDER / f"{stem}.yml", file, terms, findings)
    merged, examples = parse_terms(
        table,
        file=path.name,
        base=below,
        findings=findings,
        own=True,
        known=terms.everything.concepts,
    )
    trial = TermBase(own=merged.concepts, own_denials=terms.everything.denials)
    check_examples([(path.name, example) for example in examples], trial, findings)
    if findings.has_errors:
        return None
    # What holds here as it is must not be kept a second time, where it would hide what comes later.
    kept = {
        id_: concept
        for id_, concept in merged.concepts.items()
        if id_ in below.concepts or concept != terms.everything.concepts.get(id_)
    }
    return Imported(
        file=file,
        data=render_terms(kept.values()),
        concepts=tuple(id_ for id_ in kept if kept[id_] != below.concepts.get(id_)),
    )


def _stands_already(path: Path, file: str, terms: TermBase, findings: Findings) -> TermData:
    if not path.exists():
        return TermData()
    table = read_table(path, file=file, findings=findings)
    if table is None:
        return TermData()
    known = terms.everything.concepts
    return parse_terms(table, file=file, base=TermData(), findings=findings, own=True, known=known)[
        0
    ]


def _read(path: Path, language: str, findings: Findings) -> Table | None:
    if path.is_dir() or path.suffix in {".yml", ".yaml"}:
        return _read_vale(path, language, findings)
    if path.suffix.lower() in {".tbx", ".xml"}:
        return parse_tbx(read_xml(path, file=path.name), file=path.name, findings=findings)
    if path.suffix.lower() in {".csv", ".tsv", ".txt"}:
        return parse_terms_csv(_bytes(path), file=path.name, findings=findings)
    raise ProductionError(
        f"nobody knows what terms in {path.suffix or 'a file without an ending'} look like",
        where=path.name,
        remedy="give a .tbx or .csv file, or a folder of Vale's .yml rules",
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProductionError(
            f"the file cannot be read: {reason}", where=path.name, remedy="give a file"
        ) from error
    if len(data) > MOST_BYTES:
        raise ProductionError(
            f"the file is larger than {MOST_BYTES // 1_000_000} MB",
            where=path.name,
            remedy="import fewer terms at a time",
        )
    return data


def _read_vale(path: Path, language: str, findings: Findings) -> Table | None:
    if not language:
        raise ProductionError(
            "Vale's rules do not say which language they are for",
            where=path.name,
            remedy="say it with --lang",
            code=ExitCode.USAGE,
        )
    tag = language_tag(language)
    paths = sorted(path.rglob("*.yml")) if path.is_dir() else [path]
    concepts: list[Node] = []
    for one in paths:
        file = one.relative_to(path).as_posix() if path.is_dir() else one.name
        text = read_text(one, file=file, findings=findings)
        node = parse_yaml(text, file=file, findings=findings) if text is not None else None
        if isinstance(node, Table):
            rule = parse_vale(node, name=one.stem, tag=tag, file=file, findings=findings)
            entry = rule.entries["concepts"]
            concepts += entry.items if isinstance(entry, Items) else ()
    if not paths or not concepts:
        findings.add(
            file=path.name,
            line=0,
            rule="terms.vale",
            problem="there is no rule here that can be taken",
            remedy="give a folder of substitution or existence rules",
        )
        return None
    return Table({"concepts": Items(tuple(concepts), 1)}, {"concepts": 1}, 1)
