"""The command keys: what packs are signed with, and whose packs are believed."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.key_places import ask_password, new_password, user_folder
from commands.terminal import out, out_wrapped, print_json, print_table, talk, talk_wrapped
from commands.workspace import dry_run_option, json_option, look_at, today, workspace_option
from programme.errors import ExitCode
from scripts.wording import printable

if TYPE_CHECKING:
    from production.keys.making import KeyOrder, NewKeys
    from production.keys.trusting import Offer

no_password_option = click.option(
    "--no-password",
    is_flag=True,
    help="Write the secret keys without a password: whoever copies the file can sign.",
)
standby_to_option = click.option(
    "--standby-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the standby's secret there at once, such as on a stick.",
)


@click.group()
def keys() -> None:
    """Make and change the keys that sign packs; say whose keys are trusted here.

    Secret keys lie in your own configuration folder, or in the one that ALTAVOZ_KEYS names; never
    in a workspace.

    \b
    Example:
      altavoz keys new --standby-to /media/stick
      altavoz keys list
    """


@keys.command()
@workspace_option
@no_password_option
@standby_to_option
@dry_run_option
def new(folder: Path, no_password: bool, standby_to: Path | None, dry_run: bool) -> None:
    """Make two keys, one to sign now and one to stand by, and name them in altavoz.toml.

    Carry the standby's secret away: on a stick, to another place than this computer. When the
    current key is lost or stolen, the standby takes its place, and every station knows it already.

    \b
    Example:
      altavoz keys new
      altavoz keys new --standby-to /media/stick
    """
    from production.keys.making import make_keys

    order = _order(folder, standby_to, no_password=no_password or dry_run)
    if dry_run:
        talk(f"Two keys would be made in {order.store.folder}, and named in altavoz.toml.")
        return
    _print_made(make_keys(order), order)


@keys.command()
@workspace_option
@no_password_option
@standby_to_option
@click.option(
    "--standby",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of the standby's secret, back from where it was kept.",
)
@click.option(
    "--new-standby", is_flag=True, help="Keep the current key; replace a standby that was lost."
)
@dry_run_option
def rotate(  # noqa: PLR0917 - options
    folder: Path,
    no_password: bool,
    standby_to: Path | None,
    standby: Path | None,
    new_standby: bool,
    dry_run: bool,
) -> None:
    """Let the standby sign from now on, make a new standby, and write what stations must know.

    The old key's file is put aside, not deleted. The letter for stations is signed with a key that
    they know: send it with its signature, and say so by telephone.

    \b
    Example:
      altavoz keys rotate --standby /media/stick/4B4A94D95C0867F6.key
      altavoz keys rotate --new-standby
    """
    from production.keys.making import replace_standby, rotate_keys

    order = _order(folder, standby_to, no_password=no_password or dry_run)
    if dry_run:
        change = "a new standby would be made" if new_standby else "the standby would sign"
        talk(f"Of {order.network.id}, {change}; altavoz.toml and a letter would be written.")
        return
    if new_standby:
        made = replace_standby(order, ask=ask_password)
    else:
        made = rotate_keys(order, standby=standby, ask=ask_password)
    _print_made(made, order)
    if standby is not None and not new_standby:
        talk_wrapped(
            f"{standby} holds what is the current key's secret now: delete it there. Whoever takes "
            "the stick must not get both keys."
        )


def _order(folder: Path, standby_to: Path | None, *, no_password: bool) -> "KeyOrder":
    from production.keys.making import RANDOM_BYTES, KeyOrder
    from production.keys.store import KeyStore

    workspace = look_at(folder, today=today())
    return KeyOrder(
        root=workspace.root,
        network=workspace.network,
        store=KeyStore(folder=user_folder()),
        random=os.urandom(RANDOM_BYTES),
        password=new_password(none=no_password),
        standby_to=standby_to,
        today=today(),
    )


def _print_made(made: "NewKeys", order: "KeyOrder") -> None:
    for key, role in zip(made.keys, ("current: signs now", "standby"), strict=False):
        out(f"{key.text}  {role}")
        out(f"  fingerprint {key.fingerprint}")
    out_wrapped(f"Secret key: {made.secret}")
    out_wrapped(f"Standby's secret: {made.standby}")
    if made.standby_is_here:
        talk_wrapped(
            "Now carry the standby away: move this file to a stick, look whether the stick holds "
            "it, and keep the stick in another place, closed. Whoever takes this computer must not "
            "get both."
        )
    if order.password is None:
        talk_wrapped("The keys have no password: whoever copies their files can sign as you.")
    if made.retired is not None:
        talk_wrapped(
            f"The key {made.retired.name} is no more to be trusted. Send stations the letter and "
            "its signature, and pack anew: altavoz pack"
        )
    for path in made.papers:
        out(f"For stations: {path.relative_to(order.root)}")


@keys.command("list")
@workspace_option
@json_option
def list_(folder: Path, as_json: bool) -> None:
    """Show the keys of this workspace, the secrets that are here, and whom you trust.

    Works in any folder; outside a workspace it shows whom you trust.

    \b
    Example:
      altavoz keys list
    """
    from production.keys.listing import key_rows, trust_rows
    from production.tables import Table

    place = user_folder()
    network = None
    if (folder / "altavoz.toml").is_file():
        network = look_at(folder, today=today()).network
    own, trusted = key_rows(network, place), trust_rows(place)
    if as_json:
        print_json({"folder": str(place), "keys": own, "trusted": trusted})
        return
    out(f"Keys and trust lie in {place}")
    if own:
        names = ("role", "key", "secret")
        print_table(Table(columns=names, rows=_cells(own, names)))
    columns = ("publisher", "key", "fingerprint", "since")
    if trusted:
        print_table(Table(columns=("trusted for", *columns[1:]), rows=_cells(trusted, columns)))
    else:
        talk("No publisher is trusted here: see altavoz keys trust --help")


def _cells(rows: list[dict[str, str]], names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row[name] for name in names) for row in rows)


@keys.command()
@click.option("--publisher", default="", help="Id of the publisher, where keys are named alone.")
@click.option("--replace", is_flag=True, help="Trust these keys alone, and no earlier ones.")
@click.option("--yes", is_flag=True, help="Do not ask: you have compared the fingerprints.")
@click.argument("what", nargs=-1, required=True)
def trust(publisher: str, replace: bool, yes: bool, what: tuple[str, ...]) -> None:
    """Trust the keys of a publisher: lines that begin with RW, key files, or those in a pack.

    Shows each key's fingerprint and asks. Compare it with the publisher on a way that you know,
    such as its telephone number: a forger can write anything into a pack.

    \b
    Example:
      altavoz keys trust pack.zip
      altavoz keys trust --publisher camino camino-current.pub camino-standby.pub
    """
    from production.keys.trusting import offer_keys
    from production.packs.trust import change_trust, with_keys

    day = today()
    offer = offer_keys(what, publisher, user_folder(), today=day)
    replace = replace or offer.proven
    _show_offer(offer, replace=replace)
    if offer.is_conflict and yes and not replace:
        talk_wrapped(
            "Other keys are trusted for this publisher: add --replace, if it says that it changed "
            "them."
        )
        raise click.exceptions.Exit(ExitCode.INPUT)
    if not yes:
        click.confirm("Is each fingerprint the one that the publisher says?", abort=True, err=True)
    change_trust(
        user_folder(),
        lambda now: with_keys(now, offer.publisher, offer.keys, today=day, replace=replace),
    )
    out(f"Trusted for {offer.publisher}: {', '.join(key.name for key in offer.keys)}")


_NAME_SHOWN = 60
"""Characters of a stranger's name that are shown."""


def _show_offer(offer: "Offer", *, replace: bool) -> None:
    # Cut: a name as long as a screen could show fingerprints of its own.
    called = printable(offer.publisher_name[:_NAME_SHOWN])
    name = f", which calls itself «{called}»" if called else ""
    talk_wrapped(f"Keys for {offer.publisher}{name}:")
    for key in offer.keys:
        known = "  (trusted already)" if key in offer.known else ""
        talk(f"  {key.text}{known}\n    fingerprint {key.fingerprint}")
    if offer.proven:
        talk_wrapped("A key that you trust signed the pack that names them.")
    if offer.is_conflict:
        talk_wrapped(
            "Take care: you trust other keys for this publisher, and none of them vouches for "
            "these. A forger would look just so. Ask the publisher by telephone first."
        )
    gone = [key.name for key in offer.known if key not in offer.keys]
    if replace and gone:
        talk_wrapped(f"No more trusted then: {', '.join(gone)}")


@keys.command()
@click.argument("key")
def distrust(key: str) -> None:
    """Trust a key no more: its publisher says that it was stolen or replaced.

    \b
    Example:
      altavoz keys distrust 4B4A94D95C0867F6
    """
    from production.keys.trusting import find_key
    from production.packs.trust import change_trust, read_trust, without_key

    found = find_key(read_trust(user_folder()), key)
    change_trust(user_folder(), lambda now: without_key(now, found))
    out(f"No more trusted: {found.name}")


@keys.command("forget-serials")
@click.option("--pack", "pack_id", default="", help="Only of packs of this id.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.argument("publisher")
def forget_serials(pack_id: str, yes: bool, publisher: str) -> None:
    """Forget which packs of a publisher were seen: the reset, where it began counting anew.

    Until a new pack is verified, an old one passes for the newest. Do it only when the publisher
    says that its serials were reset, or after this computer's clock was wrong.

    \b
    Example:
      altavoz keys forget-serials camino
    """
    from production.packs.trust import change_trust, read_trust, without_serials

    before = len(read_trust(user_folder()).seen)
    if not yes:
        click.confirm("Older packs pass for new ones then. Forget?", abort=True, err=True)
    after = change_trust(user_folder(), lambda now: without_serials(now, publisher, pack_id))
    out(f"Forgotten: {before - len(after.seen)} of {before} packs")
