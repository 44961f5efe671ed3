"""The letter that tells stations of a change of signing keys; its words are in key_words.toml."""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from programme.network import Network
from programme.tables import package_file, read_toml
from stations.minisign import PublicKey

FILE = "key_words.toml"
LETTER = "key-change-"
"""How the names of letters begin."""

_WIDTH = 78
_RULE = "-" * 60


def letter_name(today: date, number: int = 1) -> str:
    """Give the file name of the letter; a second one of the same day has another."""
    more = f"-{number}" if number > 1 else ""
    return f"{LETTER}{today.isoformat()}{more}.txt"


def key_letter(
    network: Network,
    keys: Sequence[PublicKey],
    retired: PublicKey | None,
    today: date,
    *,
    known_as: str,
    name: str = "",
) -> str:
    """Say to whoever looks after a station that keys have changed, and what to do.

    In the network's languages that have words for it, its source language first, and in English.

    Args:
        network: whose keys they are.
        keys: the ones from now on.
        retired: the one that nobody may trust any more; None where all stay.
        today: the day of the change.
        known_as: the role in which stations were given the key that signs the letter.
        name: of the letter's file; empty for the usual one.
    """
    tags = (network.source_language, *network.languages, "en")
    known = dict.fromkeys(tag.partition("-")[0] for tag in tags)
    parts = [
        "\n".join(
            _told(
                say,
                network,
                keys,
                retired,
                today,
                known_as=known_as,
                name=name or letter_name(today),
            )
        )
        for say in (_tables()[tag] for tag in known if tag in _tables())
    ]
    return f"\n\n{_RULE}\n\n".join(parts) + "\n"


def _told(
    say: Mapping[str, str],
    network: Network,
    keys: Sequence[PublicKey],
    retired: PublicKey | None,
    today: date,
    *,
    known_as: str,
    name: str,
) -> list[str]:
    title = say["title"].format(network=f"{network.name} ({network.id})")
    lines = [say["name"], "", f"{title}, {today.isoformat()}", ""]
    if retired is not None:
        lines += [say["retired"], f"  {retired.text}", ""]
    lines.append(say["now"])
    for key in keys:
        lines += [f"  {key.text}", f"    {say['fingerprint']} {key.fingerprint}"]
    named = " ".join(key.text for key in keys)
    return [
        *lines,
        "",
        *_wrapped(say["roles"]),
        "",
        say["altavoz"],
        f"  altavoz keys trust --publisher {network.id} --replace {named}",
        say["minisign"],
        f"  minisign -Vm pack.json -P {keys[0].text}",
        "",
        *_wrapped(say["check"]),
        f"  minisign -Vm {name} -p {network.id}-{known_as}.pub",
        *_wrapped(say["ask"].format(contact=network.role_address)),
    ]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return read_toml(package_file("production.keys", FILE))
