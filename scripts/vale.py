"""Vale, a prose linter: terms as styles that it loads, and its styles taken as terms.

A row becomes a substitution rule (https://vale.sh/docs/checks/substitution): what to avoid as
regular expressions, what to say instead, level, message and link. Vale looks at words only: it
does not know that a denial (nothing is guaranteed) makes a promise harmless.
"""

import re
from collections.abc import Iterable

from programme.findings import Findings, Severity
from programme.identifiers import is_id
from programme.languages import language as known_language
from programme.units import LanguageTag
from scripts.nodes import Items, Table, Text
from scripts.term_concepts import AvoidRow, Concept
from scripts.term_nodes import Gathered
from scripts.term_words import as_regex, check_pattern
from scripts.wording import shown
from scripts.yaml_text import dump_yaml

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "suggestion"}
_SEVERITIES = {"error": "error", "warning": "warning", "suggestion": "info", "": "warning"}
_ADDRESS = re.compile(r"https?://[^\s,;)]+")
_NOT_ID = re.compile(r"[^a-z0-9]+")


def render_vale(concepts: Iterable[Concept]) -> dict[str, bytes]:
    """Give the files of a folder for Vale: a style for each language, and its .vale.ini."""
    files: dict[str, bytes] = {}
    tags: set[LanguageTag] = set()
    for concept in concepts:
        for tag, terms in concept.terms.items():
            for row in terms.avoid:
                if row.off:
                    continue
                tags.add(tag)
                name = concept.id if len(terms.avoid) == 1 else f"{concept.id}-{_slug(row.row)}"
                rule = _rule(concept, tag, row)
                files[f"styles/{_style(tag)}/{name}.yml"] = dump_yaml(rule).encode("utf-8")
    sections = [f"[*{tag}*.md]\nBasedOnStyles = {_style(tag)}\n" for tag in sorted(tags)]
    ini = "StylesPath = styles\nMinAlertLevel = suggestion\n\n" + "\n".join(sections)
    files[".vale.ini"] = ini.encode("utf-8")
    return dict(sorted(files.items()))


def _style(tag: str) -> str:
    return f"altavoz-{tag}"


def _slug(text: str) -> str:
    return _NOT_ID.sub("-", text.lower()).strip("-") or "row"


def _rule(concept: Concept, tag: LanguageTag, row: AvoidRow) -> dict[str, object]:
    reason = concept.reason(tag, "en").replace("%", " per cent")
    address = next((found for s in concept.sources for found in _ADDRESS.findall(s)), "")
    rule: dict[str, object] = {
        "extends": "substitution",
        "message": f"«%s», not «%s». {reason}".strip(),
        "level": _LEVELS[row.severity],
        "ignorecase": True,
        "swap": {as_regex(pattern): row.say for pattern in row.avoid},
    }
    if address:
        rule["link"] = address
    if row.unless:
        rule["exceptions"] = [as_regex(pattern) for pattern in row.unless]
    if known_language(tag).script != "Latn":
        rule["nonword"] = True  # its word boundaries are those of Latin letters
    return rule


def parse_vale(table: Table, *, name: str, tag: str, file: str, findings: Findings) -> Table:
    """Give one style rule as scripts.read_terms reads it; an empty table where it is none.

    Args:
        table: the rule, as its YAML was read.
        name: of the file, without its ending.
        tag: the language that the rule is for; Vale's rules name none.
        file: for messages.
        findings: takes what cannot be taken over, as warnings.
    """
    reader = _Reader(table, file, findings)
    gathered = Gathered()
    kind = reader.text("extends")
    if kind not in {"substitution", "existence"}:
        reader.left_out(
            table.line, f"a rule of the kind {shown(kind or 'none')} says no terms", "leave it out"
        )
        return gathered.table()
    message = re.sub(r"\s*['\"«“]?%s['\"»”]?\s*", " … ", reader.text("message")).strip()
    id_ = _slug(name)
    id_ = id_ if is_id(id_) else f"vale-{id_}"[:60].strip("-")
    pairs = reader.pairs(kind, message)
    concept = gathered.concept(id_, table.line)
    gathered.told(id_, "reason", tag, message, table.line)
    if reader.text("link"):
        concept.add("sources", [reader.text("link")], table.line)
    language = gathered.language(id_, tag, table.line)
    severity = _SEVERITIES.get(reader.text("level"), "warning")
    unless = reader.patterns([(text.value, text.line) for text in reader.texts("exceptions")])
    says = list(dict.fromkeys(say for _, say, _ in pairs))
    for number, say in enumerate(says, start=1):
        line = next(line for _, other, line in pairs if other == say)
        row = language.row("avoid", str(number), line)
        row.text("row", str(number), line)
        row.text("say", say, line)
        row.text("severity", severity, line)
        row.add("unless", unless, line)
        for pattern, other, at in pairs:
            if other == say:
                row.add("patterns", [pattern], at)
    return gathered.table() if says else Gathered().table()


class _Reader:
    """One rule of Vale's, value by value."""

    def __init__(self, table: Table, file: str, findings: Findings) -> None:
        self.table = table
        self.file = file
        self.findings = findings

    def left_out(self, line: int, problem: str, remedy: str) -> None:
        """Note something that is not taken over."""
        self.findings.add(
            file=self.file,
            line=line,
            rule="terms.vale",
            severity=Severity.WARNING,
            problem=problem,
            remedy=remedy,
        )

    def text(self, key: str) -> str:
        """Give a text; empty where there is none."""
        node = self.table.entries.get(key)
        return node.value.strip() if isinstance(node, Text) else ""

    def texts(self, key: str) -> list[Text]:
        """Give a list of texts."""
        node = self.table.entries.get(key)
        items = node.items if isinstance(node, Items) else ()
        return [item for item in items if isinstance(item, Text)]

    def pairs(self, kind: str, message: str) -> list[tuple[str, str, int]]:
        """Give pattern, what to say and line of everything that the rule finds."""
        found: list[tuple[str, str, int]] = []
        if kind == "existence":
            said = message or "another word"
            given = [(text.value, said, text.line) for text in self.texts("tokens")]
        else:
            swap = self.table.entries.get("swap")
            entries = swap.entries.items() if isinstance(swap, Table) else ()
            given = [
                (key, node.value.strip() or "leave it out", node.line)
                for key, node in entries
                if isinstance(node, Text)
            ]
        for regex, say, line in given:
            found += [(pattern, say, line) for pattern in self.patterns([(regex, line)])]
        return found

    def patterns(self, regexes: list[tuple[str, int]]) -> list[str]:
        """Give patterns for regular expressions; what cannot be one is noted and left out."""
        found = []
        for regex, line in regexes:
            try:
                pattern = pattern_of(regex)
                check_pattern(pattern)
            except ValueError:
                self.left_out(
                    line,
                    f"{shown(regex)} says more than a pattern with choices can",
                    "write it by hand: (one|two|) is a choice",
                )
            else:
                found.append(pattern)
        return found


_PIECE = re.compile(
    r"""(?P<open>\(\?:|\((?!\?))|(?P<close>\))(?P<maybe_group>\??)|(?P<stroke>\|)
    |\[(?P<set>[^\]\\^-]{1,12})\](?P<maybe_set>\??)|\\b|(?P<space>\\s\+?|\s+)(?P<maybe_space>\??)
    |\\(?P<escaped>[^\w\s])(?P<maybe_escaped>\??)|(?P<letter>[^\\()\[\]|.*+?{}^$])(?P<maybe>\??)""",
    re.VERBOSE,
)


def pattern_of(regex: str) -> str:
    r"""Give a pattern that means what a simple regular expression means.

    Taken: letters, groups, strokes, ``?``, small sets, ``\s``, ``\b`` and escaped signs.

    Raises:
        ValueError: it says more than that.
    """
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    while at < len(regex):
        piece = _PIECE.match(regex, at)
        if piece is None or piece.end() == at:
            raise ValueError(regex)
        at = piece.end()
        if piece["open"]:
            starts.append(len(parts))
            parts.append("(")
        elif piece["close"]:
            if not starts:
                raise ValueError(regex)
            parts[starts.pop()] = "(|" if piece["maybe_group"] else "("
            parts.append(")")
        else:
            parts.append(_simple(piece))
    if starts:
        raise ValueError(regex)
    whole = "".join(parts)
    return f"({whole})" if _is_open_choice(parts) else whole


def _simple(piece: re.Match[str]) -> str:
    if piece["stroke"]:
        return "|"
    if piece["space"]:
        return "(| )" if piece["maybe_space"] else " "
    if piece["set"]:
        return "(" + "|".join(["", *piece["set"]] if piece["maybe_set"] else piece["set"]) + ")"
    char = piece["letter"] or piece["escaped"]
    if not char:
        return ""
    if char in "()|":
        raise ValueError(piece.string)
    return f"(|{char})" if piece["maybe"] or piece["maybe_escaped"] else char


def _is_open_choice(parts: list[str]) -> bool:
    """Tell whether a stroke stands outside of every group."""
    depth = 0
    for part in parts:
        if part == "|" and depth == 0:
            return True
        depth += (part in {"(", "(|"}) - (part == ")")
    return False
