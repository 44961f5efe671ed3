"""Which reviews a workspace needs: data/reviews.toml, with [reviews] of altavoz.toml over it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from programme.findings import Findings
from programme.identifiers import is_id
from programme.languages import canonical
from programme.reviews import Part, ReviewKind, ReviewPolicy, ReviewRule, Subject
from programme.segments import SegmentKind
from programme.tables import package_file
from scripts.fields import Fields
from scripts.nodes import Node, Table
from scripts.toml_text import parse_toml
from scripts.wording import shown

_FILE = "data/reviews.toml"
_MOST_REVIEWERS = 9
_MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWords:
    """What a consent record may say, and what covers a broadcast."""

    purposes: tuple[str, ...]
    airs: frozenset[str]
    channels: tuple[str, ...]


def built_in_policy() -> ReviewPolicy:
    """Give the policy of a workspace that says nothing of reviews."""
    return _built_in()[1]


@cache
def consent_words() -> ConsentWords:
    """Give the words of consent records."""
    top = Fields(_built_in()[0], file=_FILE, findings=Findings(), form="toml")
    return ConsentWords(
        purposes=top.ids("purposes"),
        airs=frozenset(top.ids("airs")),
        channels=top.ids("channels"),
    )


def read_review_policy(top: Fields) -> ReviewPolicy:
    """Give the policy of a workspace; ``top`` is its altavoz.toml."""
    table = top.table_at("reviews")
    if table is None:
        return built_in_policy()
    basis, usual = _built_in()
    own = top.part(table)
    required = own.flag("required", default=True)
    days = own.integer("alert_days", least=1, most=_MOST_DAYS, default=usual.alert_days)
    roles = {**usual.roles, **_roles(own)}
    rules = _rules(own, _tables(basis.entries.get("rules")), roles)
    top.close(own)
    return ReviewPolicy(
        required=required, rules=rules, binds=usual.binds, roles=roles, alert_days=days
    )


@cache
def _built_in() -> tuple[Table, ReviewPolicy]:
    text = package_file("scripts", _FILE).read_text(encoding="utf-8")
    findings = Findings()
    table = parse_toml(text, file=_FILE, findings=findings)
    if table is None:
        raise ValueError(f"{_FILE}: {list(findings)}")
    top = Fields(table, file=_FILE, findings=findings, form="toml")
    roles = _roles(top)
    policy = ReviewPolicy(
        rules=_rules(top, {}, roles),
        binds=_binds(top),
        roles=roles,
        alert_days=top.integer("alert_days", least=1, most=_MOST_DAYS),
    )
    top.known |= {"purposes", "airs", "channels"}
    if not top.done() or len(findings):
        raise ValueError(f"{_FILE}: {list(findings)}")
    return table, policy


def _roles(top: Fields) -> dict[str, str]:
    table = top.table_at("roles")
    if table is None:
        return {}
    part = top.part(table)
    found = {}
    for name in table.entries:
        if is_id(name):
            found[name] = part.text(name, required=True)
        else:
            part.known.add(name)
            remedy = "use small letters, digits and -, such as language-reviewer"
            part.fault(part.line(name), "not-id", f"{shown(name)} is no role", remedy)
    top.close(part)
    return found


def _binds(top: Fields) -> Mapping[ReviewKind, frozenset[Part]]:
    table = top.table_at("binds", required=True)
    if table is None:
        return {}
    part = top.part(table)
    parts = [one.value for one in Part]
    found = {kind: frozenset(map(Part, part.words(kind.value, parts))) for kind in ReviewKind}
    top.close(part)
    return found


def _rules(
    top: Fields, basis: Mapping[str, Table], roles: Collection[str]
) -> tuple[ReviewRule, ...]:
    table = top.table_at("rules")
    own = _tables(table)
    found = []
    for name in (*basis, *(name for name in own if name not in basis)):
        part = top.part(_over(basis.get(name), own.get(name)))
        if name in own and not is_id(name):
            part.fault(part.table.line, "not-id", f"{shown(name)} is no id", "use small letters")
        rule = _rule(part, name, roles)
        off = part.flag("off")
        top.close(part)
        if not off:
            found.append(rule)
    for name, node in {} if table is None else table.entries.items():
        if name not in own:
            what = f"{shown(name)} must be a table"
            top.fault(node.line, "not-table", what, "write [reviews.rules.editorial] above")
    return tuple(found)


def _tables(node: Node | None) -> dict[str, Table]:
    entries = node.entries if isinstance(node, Table) else {}
    return {name: one for name, one in entries.items() if isinstance(one, Table)}


def _over(basis: Table | None, own: Table | None) -> Table:
    """Lay a workspace's rule over the built-in one; whatever is wrong is wrong in its own."""
    if basis is None or own is None:
        return own or basis or Table({}, {}, 0)
    lines = dict.fromkeys(basis.entries, own.line)
    return Table({**basis.entries, **own.entries}, {**lines, **own.key_lines}, own.line)


def _rule(part: Fields, name: str, roles: Collection[str]) -> ReviewRule:
    return ReviewRule(
        id=name,
        kind=part.choice("kind", ReviewKind),
        of=tuple(Subject(word) for word in _some(part, "of", [one.value for one in Subject])),
        roles=_some(part, "roles", roles),
        reviewers=part.integer("reviewers", least=1, most=_MOST_REVIEWERS, default=1),
        segments=_kinds(part, "segments"),
        except_segments=_kinds(part, "except_segments"),
        sensitivity=part.word("sensitivity", ("normal", "protected")),
        audiences=frozenset(part.ids("audiences")),
        topics=frozenset(part.ids("topics")),
        languages=frozenset(_languages(part)),
    )


def _some(part: Fields, key: str, words: Collection[str]) -> tuple[str, ...]:
    """Give at least one of several words."""
    part.texts(key, required=True)
    return part.words(key, words)


def _kinds(part: Fields, key: str) -> frozenset[SegmentKind]:
    return frozenset(map(SegmentKind, part.words(key, [kind.value for kind in SegmentKind])))


def _languages(part: Fields) -> list[str]:
    found: list[str] = []
    for text in part.texts("languages"):
        tag = canonical(text.value.strip())
        if tag is None:
            problem = f"{shown(text.value)} is no language tag"
            part.fault(text.line, "not-choice", problem, "write it as in altavoz voices")
        else:
            found.append(tag)
    return found


def role_of(policy: ReviewPolicy, text: str) -> str:
    """Give the id of the role that a person typed, such as "Language reviewer"; empty if none."""
    name = "-".join(text.casefold().replace("_", " ").replace("-", " ").split())
    return name if name in policy.roles else ""
