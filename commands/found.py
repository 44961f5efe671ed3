"""What commands that judge have in common: options for findings, and how findings are shown."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import click

from commands.terminal import out, room, speaks_utf8, talk
from programme.findings import Severity
from programme.kept_findings import KEYS, render_findings
from programme.wording import counted

if TYPE_CHECKING:
    from programme.findings import Findings
    from scripts.rule_catalogue import Rule

    Rules: TypeAlias = Callable[[], Mapping[str, Rule]]
    """Read when something was found; None stands for those of scripts."""

Command = TypeVar("Command", bound=Callable[..., Any])


def findings_options(command: Command) -> Command:
    """Add the options by which findings are written down: ``form`` and ``output``."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "sarif"]),
        default="text",
        show_default=True,
        help="sarif is what code hosts and editors show beside the lines.",
    )
    output = click.option(
        "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write a file."
    )
    return form(output(command))


def show_findings(
    findings: "Findings",
    form: str,
    output: Path | None,
    *,
    root: Path,
    infos: bool,
    keys: tuple[str, ...] = KEYS,
    known: "Rules | None" = None,
) -> None:
    """Print findings, or write them to a file.

    Args:
        findings: what was found.
        form: ``text``, ``json`` or ``sarif``.
        output: the file; None prints.
        root: where the lines that text quotes stand.
        infos: whether text shows hints and what was silenced; a file has them always.
        keys: what JSON holds of each.
        known: rules whose reasons are named.
    """
    if output is not None:
        from programme.storage import write_beside

        write_beside(output, _rendered(findings, form, keys, known))
        talk(f"Written to {output}")
    elif form == "json":
        ascii_only = not speaks_utf8()
        shown = render_findings(findings, keys, ascii_only=ascii_only, errors="surrogatepass")
        out(shown.decode("utf-8", "surrogatepass"))
    elif form == "sarif":
        click.echo(_rendered(findings, form, keys, known).decode("utf-8"), nl=False)
    else:
        _print_text(findings, root, infos=infos, known=known)


def _print_text(findings: "Findings", root: Path, *, infos: bool, known: "Rules | None") -> None:
    from commands.reporting import report_lines

    rules = known() if known is not None and len(findings) else None
    for line in report_lines(findings, root=root, infos=infos, room=room(), known=rules):
        out(line)
    counts = [counted(findings.count(s), s.value) for s in (Severity.ERROR, Severity.WARNING)]
    hints = findings.count(Severity.INFO)
    silenced = findings.tally.silenced
    counts.append(counted(hints, "hint"))
    if silenced:
        counts.append(f"{silenced} silenced with a reason")
    out(", ".join(counts) + (" (--all)" if (hints or silenced) and not infos else ""))


def _rendered(
    findings: "Findings", form: str, keys: tuple[str, ...], known: "Rules | None"
) -> bytes:
    rules = known() if known is not None else None
    if form == "sarif":
        from importlib import metadata  # costs start-up time

        from scripts.sarif import render_sarif

        sarif = render_sarif(findings, version=metadata.version("altavoz"), known=rules)
        return sarif.encode("utf-8")
    if form == "json":
        return render_findings(findings, keys) + b"\n"
    from commands.reporting import report_lines

    lines = [*report_lines(findings, root=None, infos=True, known=rules), ""]
    return "\n".join(lines).encode("utf-8")
