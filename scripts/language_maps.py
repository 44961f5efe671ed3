"""Language tags as people write them: in file names, in lists, and as keys of texts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from programme.findings import Severity
from programme.languages import canonical, is_known, known_tags, language
from programme.units import LanguageTag
from scripts.feed_texts import check_feed_text
from scripts.fields import Fields
from scripts.nodes import Text
from scripts.wording import listed, nearest, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFault:
    """Why a tag cannot stand here, or should be looked at."""

    rule: str
    severity: Severity
    problem: str
    remedy: str


def tag_fault(tag: str, languages: Sequence[LanguageTag] | None) -> TagFault | None:
    """Tell what is wrong with a tag; None when nothing is.

    Args:
        tag: as somebody wrote it.
        languages: the network's, or None when any known language may stand here.
    """
    return _tag_fault(tag, None if languages is None else tuple(languages))


@lru_cache(maxsize=1024)
def _tag_fault(tag: str, languages: tuple[LanguageTag, ...] | None) -> TagFault | None:
    """Judge a tag; a workspace has the same few at thousands of files."""
    usual = canonical(tag)
    if usual is None or not is_known(usual):
        unlisted = _unlisted(usual) if usual is not None else None
        if unlisted is not None:
            return unlisted
        what = "no language tag" if usual is None else "not a language that Altavoz knows"
        near = _tag_by_name(tag)
        remedy = (
            f"did you mean {near} ({language(near).english})?"
            if near
            else "use a tag such as es-419, quc or fa-AF; altavoz voices lists them"
        )
        rule = "language.malformed" if usual is None else "language.unknown"
        return _error(rule, f"{shown(tag)} is {what}", remedy)
    if usual != tag:
        return _error("language.case", f"{tag} is not the usual form", f"write {usual}")
    if languages is None or tag in languages:
        return None
    name = language(tag).english
    for other in languages:
        if other.partition("-")[0] == tag.partition("-")[0]:
            problem = f"{tag} is not a language of this network, {other} is"
            return _error("language.other-form", problem, f"write {other}")
    return TagFault(
        rule="language.unused",
        severity=Severity.WARNING,
        problem=f"{name} ({tag}) is not a language of this network, and is left out",
        remedy=f"add {tag} to languages in altavoz.toml, or delete it here",
    )


def check_tag(
    fields: Fields, tag: str, line: int, languages: Sequence[LanguageTag] | None
) -> LanguageTag | None:
    """Give a tag that stands here rightly; None for one that was reported."""
    fault = tag_fault(tag, languages)
    if fault is None:
        return LanguageTag(tag)
    fields.report(line, fault.rule, fault.problem, fault.remedy, fault.severity)
    if fault.severity is Severity.ERROR:
        fields.sound = False
    return None


def language_list(
    fields: Fields,
    key: str,
    languages: Sequence[LanguageTag] | None,
    *,
    required: bool = False,
) -> tuple[LanguageTag, ...]:
    """Give a list of tags in the order of the file."""
    found: list[tuple[str, Text]] = [
        (check_tag(fields, text.value.strip(), text.line, languages) or "", text)
        for text in fields.texts(key, required=required)
    ]
    return tuple(LanguageTag(tag) for tag in fields.distinct(key, found))


def language_map(
    fields: Fields,
    key: str,
    languages: Sequence[LanguageTag] | None,
    *,
    required: bool = False,
    paragraphs: bool = False,
    letters: int = 0,
    length_bytes: int = 0,
) -> Mapping[LanguageTag, str]:
    """Give texts by language; those of languages that the network lacks are left out.

    With ``letters`` or ``length_bytes`` they stand in feeds, and may have so many.
    """
    table = fields.table_at(key, required=required)
    if table is None:
        return {}
    part = fields.part(table)
    found: dict[LanguageTag, str] = {}
    for tag, line in table.key_lines.items():
        usual = check_tag(part, tag, line, languages)
        part.known.add(tag)
        text = part.text(tag, required=True, paragraphs=paragraphs)
        if text and (letters or length_bytes):
            said = f"{key}: {tag}"
            check_feed_text(part, said, line, text, letters=letters, length_bytes=length_bytes)
        if usual is not None and text:
            found[usual] = text
    fields.close(part)
    return found


def check_complete(
    fields: Fields,
    key: str,
    found: Mapping[LanguageTag, str],
    needed: Iterable[LanguageTag],
    *,
    silent: Collection[LanguageTag],
) -> None:
    """Report the languages that a text lacks: an edition in them could not be named.

    Args:
        fields: the table that holds the text.
        key: the text's key.
        found: the text by language.
        needed: the languages that editions are to be made in.
        silent: languages in which nothing is written or recorded yet; no edition of them can
            be made, so that nothing need be named.
    """
    lacking = [tag for tag in needed if tag not in found and tag not in silent]
    if lacking and fields.table.entries.get(key) is not None:
        fields.fault(
            fields.line(key),
            "language.lacking",
            f"{key} lacks {listed([f'{tag} ({language(tag).english})' for tag in lacking])}",
            f"write the {key} in each of them, or take them out of the languages",
        )


def _unlisted(tag: LanguageTag) -> TagFault | None:
    """Name a language that exists and that Altavoz does not list; None where there is none."""
    from scripts.language_names import describe_tag  # the names of all tags there are

    found = describe_tag(tag)
    if found is None or not found.exists:
        return None
    if found.note:
        near = found.note.removeprefix("its tag is ")
        remedy = f"write {near}" if near != found.note else "name a language that people speak"
        return _error("language.unlisted", f"{found.line}", remedy)
    base = tag.partition("-")[0]
    return _error(
        "language.unlisted",
        f"{tag} is {found.english}; Altavoz has no names for it yet",
        f"check that it is the right one; then ask for this line in programme/languages.toml: "
        f'{base} = {{ own = "its own name", en = "{found.english}", es = "its Spanish name" }}, '
        "with a script where it is not Latn",
    )


def _tag_by_name(word: str) -> str:
    """Give the tag whose name or code looks most like a word; empty when none does."""
    names = {tag.lower(): tag for tag in known_tags()}
    for tag in known_tags():
        entry = language(tag)
        for name in (entry.english, entry.spanish, entry.endonym):
            names.setdefault(name.lower(), tag)
    base = word.replace("_", "-")
    usual = canonical(base)
    if usual is not None and is_known(usual):
        return usual
    near = nearest(word, names.keys())
    return names.get(near, "")


def _error(rule: str, problem: str, remedy: str) -> TagFault:
    return TagFault(rule=rule, severity=Severity.ERROR, problem=problem, remedy=remedy)
