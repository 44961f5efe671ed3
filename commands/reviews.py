"""Commands for reviews: what is to be signed, and signing it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_json, print_table, talk
from commands.workspace import (
    dry_run_option,
    echo_language,
    json_option,
    look_at,
    look_closely,
    stop_for,
    today,
    workspace_option,
)
from programme.reviews import ReviewKind, ReviewResult
from programme.wording import counted

if TYPE_CHECKING:
    from production.reviewing import Signature
    from scripts.workspace import Workspace


@click.group()
def review() -> None:
    """Who has looked at which text, and what is open.

    \b
    Example:
      altavoz review list --open
      altavoz review sign water --lang en --kind language --role language-reviewer
    """


@review.command("list")
@workspace_option
@json_option
@click.option("--open", "only_open", is_flag=True, help="Only what is still to be done.")
@click.option("--lang", "tags", multiple=True, help="Only this language; may be repeated.")
@click.option("--segment", "segments", multiple=True, help="Only this segment; may be repeated.")
def review_list(
    folder: Path, as_json: bool, only_open: bool, tags: tuple[str, ...], segments: tuple[str, ...]
) -> None:
    """List the reviews that are needed: done, open, and reopened by a change.

    A text that may not air yet, because it is stale or missing, is not listed.

    \b
    Example:
      altavoz review list --open
      altavoz review list --segment water --lang en
    """
    from collections import Counter

    from production.reviewing import list_needs, needs_table, plain_need

    workspace = look_at(folder, today=today())
    needs = list_needs(workspace, segments=segments, languages=tags, only_open=only_open)
    if as_json:
        print_json([plain_need(need) for need in needs])
        return
    if needs:
        print_table(needs_table(needs))
    counts = Counter(need.state.value for need in needs)
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    out(f"{counted(len(needs), 'review')}" + (f": {told}" if told else ""))
    if not workspace.network.reviews.required:
        talk("Open reviews stop no publish: required = false in altavoz.toml.")


@review.command("sign")
@workspace_option
@dry_run_option
@click.option("--lang", "tag", default="", help="The language; the workspace's source by default.")
@click.option(
    "--kind",
    required=True,
    type=click.Choice([kind.value for kind in ReviewKind]),
    help="What you looked for.",
)
@click.option("--role", required=True, help="As whom you sign, such as language-reviewer.")
@click.option(
    "--by", default="", help="An organisation or initials. Not a person's name: git keeps it."
)
@click.option(
    "--result",
    type=click.Choice([result.value for result in ReviewResult]),
    default=ReviewResult.APPROVED.value,
    show_default=True,
    help="What you decided.",
)
@click.option("--note", default="", help="What is to be changed, or what was looked at; no names.")
@click.option("--heard", is_flag=True, help="You listened to the recording, not the text.")
@click.option("--yes", is_flag=True, help="Do not ask whether you have read it.")
@click.argument("segment")
def review_sign(  # noqa: PLR0917 - options
    folder: Path,
    dry_run: bool,
    tag: str,
    kind: str,
    role: str,
    by: str,
    result: str,
    note: str,
    heard: bool,
    yes: bool,
    segment: str,
) -> None:
    """Sign that you have reviewed a text as it is now; shows what is signed.

    Any later change of its words or facts opens the review again.

    \b
    Example:
      altavoz review sign water --kind editorial --role editor
      altavoz review sign water --lang en --kind language --role language-reviewer --by "Red Sur"
    """
    from production.reviewing import faults_signed, prepare_signature, write_signature

    workspace, findings = look_closely(folder, today=today())
    stop_for(faults_signed(workspace, findings, segment, tag))
    signature = prepare_signature(
        workspace,
        segment,
        tag,
        kind=ReviewKind(kind),
        role=role,
        by=by,
        result=ReviewResult(result),
        note=note,
        heard=heard,
        on=today(),
    )
    _show(signature, workspace)
    if dry_run:
        out(f"Would be noted in {signature.file}.")
        return
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: --yes says that you have read it")
        click.confirm(f"Have you read this, and is it {result}?", abort=True, err=True)
    write_signature(workspace, signature)
    out(f"Noted in {signature.file}: {kind} {signature.review.language} {result}")
    echo_language(signature.review.language)


def _show(signature: "Signature", workspace: "Workspace") -> None:
    script, speakers = signature.script, workspace.style.speakers
    out(f"# {script.title}   ({script.file})")
    for number, sentence in enumerate(script.sentences):
        if number and sentence.paragraph != script.sentences[number - 1].paragraph:
            out()
        label = speakers.label(sentence.speaker, script.language)
        out(f"  {label}: {sentence.spoken}" if label else f"  {sentence.spoken}")
    for fact, told, until in signature.facts:
        out(f"fact {fact}: {told}, {until}")
    if signature.review.bound.until:
        out(f"the segment: until {signature.review.bound.until}")
    for path in signature.heard:
        out(f"recording: {path}")
