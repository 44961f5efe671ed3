"""Commands that judge words: check, and explain why."""

import gc
from dataclasses import asdict
from json.encoder import encode_basestring, encode_basestring_ascii
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.columns import wrapped_lines
from commands.later import LaterGroup
from commands.terminal import out, print_json, room, speaks_utf8, talk
from commands.workspace import json_option, today, workspace_option
from programme.errors import ExitCode, ProductionError
from programme.findings import Severity
from programme.notices import notice_of
from programme.wording import counted

if TYPE_CHECKING:
    from programme.findings import Findings
    from programme.network import Network
    from scripts.house_style import HouseStyle

_LATER = "      "
_KEYS = ("file", "line", "rule", "severity", "problem", "remedy", "allowed")


@click.group(
    cls=LaterGroup,
    later={"feed": "commands.checking_feeds:feed"},
    invoke_without_command=True,
)
@workspace_option
@json_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="sarif is what code hosts and editors show beside the lines.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write a file."
)
@click.option("--all", "infos", is_flag=True, help="Show hints, and what was silenced and why.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.pass_context
def check(  # noqa: PLR0917 - options
    context: click.Context,
    folder: Path,
    as_json: bool,
    form: str,
    output: Path | None,
    infos: bool,
    strict: bool,
) -> None:
    """Report every fault at once: file, line, the words, why, what to do.

    A rule is silenced at its line, with a reason that is kept:
    {{allow RULE reason="why"}}

    \b
    Example:
      altavoz check
      altavoz check --all
      altavoz check --format sarif -o altavoz.sarif
      altavoz check feed public
    """
    if context.invoked_subcommand is not None:
        return
    gc.disable()  # before the import, which makes ten thousand values that stay
    try:
        from scripts.workspace import read_workspace

        workspace, findings = read_workspace(folder.resolve(), today=today(), keep=True)
        if workspace is not None and any(notice_of(name) for name, _ in workspace.recordings):
            from production.notice_takes import check_notice_takes

            check_notice_takes(workspace, findings)
    finally:
        # This process ends soon: what was read need never be looked through for cycles.
        gc.freeze()
        gc.enable()
    form = "json" if as_json else form
    if output is not None:
        _write(_rendered(findings, form), output)
    elif form == "json":
        out(_json(findings, ascii_only=not speaks_utf8()))
    elif form == "sarif":
        click.echo(_rendered(findings, form), nl=False)
    else:
        _print_text(findings, folder, infos=infos)
        if workspace is not None:
            _print_languages(workspace.network)
    stops = findings.has_errors or (strict and findings.count(Severity.WARNING) > 0)
    if workspace is None or stops:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _print_text(findings: "Findings", folder: Path, *, infos: bool) -> None:
    from commands.reporting import report_lines

    for line in report_lines(findings, root=folder.resolve(), infos=infos, room=room()):
        out(line)
    counts = [counted(findings.count(s), s.value) for s in (Severity.ERROR, Severity.WARNING)]
    hints = findings.count(Severity.INFO)
    silenced = sum(bool(finding.allowed) for finding in findings.items)
    counts.append(counted(hints, "hint"))
    if silenced:
        counts.append(f"{silenced} silenced with a reason")
    out(", ".join(counts) + (" (--all)" if (hints or silenced) and not infos else ""))


def _print_languages(network: "Network") -> None:
    """Say what each tag means: a tag can be valid and of another language."""
    from scripts.language_names import name_line

    for number, line in enumerate(name_line(network)):
        out(f"{'' if number else 'languages:':<11}{line}")


def _json(findings: "Findings", *, ascii_only: bool) -> str:
    """Write a list with one finding a line, which is quick for ten thousand of them."""
    # what JSONEncoder.encode does with a text, without looking each time whether it is one
    write = encode_basestring_ascii if ascii_only else encode_basestring
    shape = "  {" + ", ".join(f'"{key}": %s' for key in _KEYS) + "}"
    columns = zip(*map(attrgetter(*_KEYS), findings), strict=True)
    # a column at a time; what is no text is a whole number
    written = [
        [*map(write, values)] if isinstance(values[0], str) else values for values in columns
    ]
    lines = ",\n".join(map(shape.__mod__, zip(*written, strict=True)))
    return f"[\n{lines}\n]" if lines else "[]"


def _rendered(findings: "Findings", form: str) -> str:
    if form == "sarif":
        from importlib import metadata  # costs start-up time

        from scripts.sarif import render_sarif

        return render_sarif(findings, version=metadata.version("altavoz"))
    if form == "json":
        return _json(findings, ascii_only=False) + "\n"
    from commands.reporting import report_lines

    return "\n".join([*report_lines(findings, root=None, infos=True), ""])


def _write(text: str, output: Path) -> None:
    from programme.storage import write_beside

    write_beside(output, text.encode("utf-8"))
    talk(f"Written to {output}")


@click.command()
@workspace_option
@json_option
@click.option("--lang", "tag", default="", help="The language to explain in: en, es, fr or pt.")
@click.argument("term", nargs=-1, required=True)
def explain(folder: Path, as_json: bool, tag: str, term: tuple[str, ...]) -> None:
    """Say why a rule or a word is reported: the reason, the source, what to write instead.

    TERM is a rule as it stands in brackets in a finding, or a word or phrase.

    \b
    Example:
      altavoz explain plain.sentence-length
      altavoz explain feed-enclosure.length
      altavoz explain --lang es trata de blancas
    """
    from commands.checking_feeds import feed_rules
    from scripts.explaining import explain_text
    from scripts.rule_catalogue import READERS

    reader = tag or "en"
    if reader.partition("-")[0] not in READERS:
        talk(
            f"Rules are not explained in {reader}; this is English. There is {', '.join(READERS)}."
        )
    entries, near = explain_text(
        " ".join(term), reader=reader, style=_style(folder), more=feed_rules()
    )
    if not entries:
        raise ProductionError(
            f"nothing is known of «{' '.join(term)}»",
            where="altavoz explain",
            remedy=near or "name a rule from the brackets of a finding, or a word it quotes",
            code=ExitCode.USAGE,
        )
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    for number, entry in enumerate(entries):
        if number:
            out()
        for line in entry.lines():
            text = line.lstrip(" ")
            indent = line[: len(line) - len(text)]
            for row in wrapped_lines(
                text, room=min(room() or 100, 100), indent=indent, later=_LATER
            ):
                out(row)


def _style(folder: Path) -> "HouseStyle":
    """Give the workspace's own house style, or the built-in one outside of a workspace."""
    from scripts.house_style import built_in_style
    from scripts.workspace import read_workspace

    if not (folder / "altavoz.toml").is_file():
        return built_in_style()
    workspace, _ = read_workspace(folder.resolve(), today=today())
    return built_in_style() if workspace is None else workspace.style
