"""Commands for pronunciations and language names: lexicon, languages."""

from pathlib import Path

import click

from commands.terminal import out, print_findings, print_json, print_table, talk
from commands.workspace import dry_run_option, json_option, workspace_option
from programme.errors import ExitCode
from programme.wording import counted


@click.group()
def lexicon() -> None:
    """Say how words are said: names, places, acronyms.

    \b
    Example:
      altavoz lexicon add Tenosique --say "te nosique" --lang es
      altavoz lexicon export --lang es -o es.pls
    """


@lexicon.command("list")
@workspace_option
@click.option("--lang", "tag", default="", help="One language; all of the network by default.")
@click.option("--built-in", is_flag=True, help="Also what Altavoz knows by itself.")
@json_option
def lexicon_list(folder: Path, tag: str, built_in: bool, as_json: bool) -> None:
    """List the pronunciations of a workspace.

    \b
    Example:
      altavoz lexicon list --lang es-419 --built-in
    """
    from production.pronunciations import lexicon_table, lexicon_tag, open_lexicon

    desk = open_lexicon(folder)
    print_findings(desk.findings)
    tags = [lexicon_tag(desk, tag)] if tag else list(desk.languages)
    table = lexicon_table(desk, tags, built_in=built_in)
    if as_json:
        print_json(table.plain())
    elif table.rows:
        print_table(table)
    else:
        out("No entries. Add one: altavoz lexicon add WORD --say ... --lang TAG")


@lexicon.command("add")
@workspace_option
@click.option("--lang", "tag", required=True, help="es serves es-419 and every other Spanish.")
@click.option("--say", required=True, help="How it is said, in the language's own letters.")
@click.option("--ipa", default="", help="In IPA: for PLS and for people, no voice here reads it.")
@click.option("--voice", "voices", multiple=True, help="Only for espeak, gtts or espeak/es-419.")
@click.option("--kind", default="", help="name, place, acronym, abbreviation or word.")
@click.option("--full", multiple=True, help="What an acronym stands for.")
@click.option("--note", default="", help="Kept with the entry.")
@click.option("--exact", is_flag=True, help="Only with these capitals; so by default for US.")
@click.option("--replace", "replacing", is_flag=True, help="Change an entry that is there.")
@dry_run_option
@click.argument("word")
def lexicon_add(
    *,
    folder: Path,
    tag: str,
    say: str,
    ipa: str,
    voices: tuple[str, ...],
    kind: str,
    full: tuple[str, ...],
    note: str,
    exact: bool,
    replacing: bool,
    dry_run: bool,
    word: str,
) -> None:
    """Add a word to lexicon/LANG.yml.

    Without --voice it is how everybody says the word: recordings of lines that say it are then to
    be made again. With --voice it only mends what that voice misreads.

    \b
    Example:
      altavoz lexicon add OIM --say "o i eme" --lang es
      altavoz lexicon add Oaxaca --say Oajaca --lang es --voice espeak
    """
    from production.pronunciations import check_voices, lexicon_tag, open_lexicon
    from scripts.language_names import name_lines
    from scripts.lexicon_edit import make_entry, merge_entries, write_merged

    desk = open_lexicon(folder)
    known = lexicon_tag(desk, tag)
    made = make_entry(
        word,
        language=known,
        say=say,
        ipa=ipa,
        voices=voices,
        kind=kind,
        full=full,
        note=note,
        exact=exact,
    )
    check_voices(known, made.voices)
    merged = merge_entries(desk.root, known, [made], replacing=replacing, findings=desk.findings)
    print_findings(desk.findings)
    if merged is None:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    if merged.kept:
        talk(f"{word} is there already, and is said {merged.kept[0].say}; change it with --replace")
        raise click.exceptions.Exit(ExitCode.USAGE)
    if merged.changes and not dry_run:
        write_merged(desk.root, merged)
    verb = "Would be noted in" if dry_run else "Noted in" if merged.changes else "Already in"
    out(f"{verb} {merged.file}: {made.written} = {made.say}")
    out(name_lines([known])[0])
    out(f'Listen: altavoz say "{made.written}" --lang {known}')


@lexicon.command("export")
@workspace_option
@click.option("--lang", "tag", required=True, help="The language.")
@click.option("--built-in", is_flag=True, help="Also what Altavoz knows by itself.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
def lexicon_export(folder: Path, tag: str, built_in: bool, output: Path | None) -> None:
    """Write pronunciations as W3C PLS, for other programs that speak.

    \b
    Example:
      altavoz lexicon export --lang es -o es.pls
    """
    from production.pronunciations import export_pls, lexicon_tag, open_lexicon
    from programme.storage import write_beside
    from scripts.language_names import name_lines

    desk = open_lexicon(folder)
    print_findings(desk.findings)
    if desk.findings.has_errors:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    known = lexicon_tag(desk, tag)
    data, count = export_pls(desk, known, built_in=built_in)
    if output is None:
        click.echo(data, nl=False)
        return
    write_beside(output, data)
    out(f"{counted(count, 'pronunciation')} in {output}")
    out(name_lines([known])[0])


@lexicon.command("import")
@workspace_option
@click.option("--lang", "tag", default="", help="The language, if not the one the file names.")
@click.option("--replace", "replacing", is_flag=True, help="The file's entries stand over ours.")
@click.option("--skip-faulty", is_flag=True, help="Take the sound entries, leave the others.")
@dry_run_option
@click.argument("file", type=click.Path(path_type=Path))
def lexicon_import(
    *, folder: Path, tag: str, replacing: bool, skip_faulty: bool, dry_run: bool, file: Path
) -> None:
    """Bring in the pronunciations of a W3C PLS file.

    \b
    Example:
      altavoz lexicon import es.pls --dry-run
    """
    from production.pronunciations import import_pls, open_lexicon
    from scripts.language_names import name_lines
    from scripts.lexicon_edit import write_merged

    desk = open_lexicon(folder)
    plan = import_pls(desk, file, tag=tag, replacing=replacing, skip_faulty=skip_faulty)
    print_findings(plan.findings, infos=True)
    if plan.merged is None:
        talk("Nothing was written. Correct the file, or take the sound entries: --skip-faulty")
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    merged = plan.merged
    if merged.changes and not dry_run:
        write_merged(desk.root, merged)
    for entry in merged.kept:
        talk(f"kept ours: {entry.written} = {entry.say or entry.ipa}")
    prefix = "Would be written: " if dry_run else ""
    out(
        f"{prefix}{merged.file}: {len(merged.added)} added, {len(merged.replaced)} replaced, "
        f"{len(merged.kept)} kept"
    )
    out(name_lines([plan.language])[0])


@click.command()
@workspace_option
@json_option
@click.argument("tags", nargs=-1, metavar="[TAG]...")
def languages(folder: Path, as_json: bool, tags: tuple[str, ...]) -> None:
    """Say what language tags mean; without one, those of the workspace.

    A valid tag can be the wrong one: mxe is a language of Vanuatu, not Mixe.

    \b
    Example:
      altavoz languages quc mxe zap
    """
    from production.language_list import list_languages
    from production.pronunciations import open_lexicon

    table = list_languages(tags or open_lexicon(folder).languages)
    if as_json:
        print_json(table.plain())
    else:
        print_table(table)
