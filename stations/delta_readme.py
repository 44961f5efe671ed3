"""The papers of an update pack for people without Altavoz: README, and lists for their programs."""

from collections.abc import Mapping, Sequence
from functools import cache

from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from stations.delta_contents import DELTA, SIGNATURE, DeltaContents
from stations.minisign import PublicKey
from stations.phrases import phrases_for

README, CHANGED, REMOVED, CHECKSUMS = "README.txt", "changed.txt", "removed.txt", "SHA256SUMS"

NEW_FOLDER, CHANGED_FOLDER = "new", "changed"
"""Whole files, and differences; both as deep as the pack."""

_CHECK = (
    "sha256sum -c SHA256SUMS",
    f"minisign -V -m {DELTA} -x {SIGNATURE} -P {{key}}",
)
_MAKE = (
    "mkdir -p made",
    "test ! -d new || cp -R new/. made/",
    "while read -r new old sounds; do",
    '  mkdir -p "made/$(dirname "$new")"',
    '  cp "PACK/$old" old.tmp',
    "  for one in $sounds; do",
    '    tail -c "+${one##*:}" "made/${one%:*}" | base64 | tr -d "\\n" >> old.tmp',
    "  done",
    '  xdelta3 -d -f -s old.tmp "changed/$new.vcdiff" "made/$new" || break',
    "done < changed.txt",
    "rm -f old.tmp",
)
_PLACE = (
    "cp -R made/. PACK/",
    'while read -r gone; do rm -f "PACK/$gone"; done < removed.txt',
)
_PROVE = (
    "cd PACK",
    "sha256sum -c SHA256SUMS",
    "minisign -V -m pack.json -P {key}",
)


def render_lists(contents: DeltaContents) -> Mapping[str, bytes]:
    """Give the lists that the README's commands read: one file a line, no name with a blank.

    Behind a file and the old one stand those of which the base64 is needed, too, each with the byte
    that it begins at, counted from 1 as ``tail -c`` does.
    """
    made = [
        " ".join([one.path, one.old, *(f"{path}:{skip + 1}" for path, skip in one.sounds)]) + "\n"
        for one in contents.files
        if one.is_differences
    ]
    gone = [f"{one.path}\n" for one in contents.removed]
    return {CHANGED: "".join(made).encode("utf-8"), REMOVED: "".join(gone).encode("utf-8")}


def render_readme(
    contents: DeltaContents, languages: Sequence[LanguageTag], key: PublicKey | None
) -> bytes:
    """Render the README in the pack's languages, CRLF for any editor.

    Args:
        contents: of the update.
        languages: of the pack, in its order.
        key: of who signed; None for an update that nobody signed.
    """
    tables = _tables()
    tags = list(dict.fromkeys(tag.partition("-")[0] for tag in (*languages, "en")))
    parts = [_in_language(contents, tag, key) for tag in tags if tag in tables]
    lines = [line for part in parts for line in (*part, "", "-" * 60, "")][:-3]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _in_language(contents: DeltaContents, tag: str, key: PublicKey | None) -> list[str]:
    say = _tables()[tag]
    day = phrases_for(LanguageTag(tag), (), LanguageTag("en")).day(contents.valid_until)
    values = {
        "pack": contents.pack,
        "old": str(contents.from_serial),
        "new": str(contents.to_serial),
        "day": day,
    }

    def told(name: str) -> str:
        return say[name].format(**values)

    lines = [told("title"), "", told("what"), told("valid"), "", told("easy"), ""]
    lines += [f"    altavoz apply {contents.name}.delta.zip PACK", "", told("by_hand"), ""]
    lines += [told("check"), ""]
    if key is None:
        lines += [told("unsigned"), ""]
    for name, commands in (("", _CHECK), ("make", _MAKE), ("place", _PLACE), ("prove", _PROVE)):
        lines += [told(name), ""] if name else []
        lines += [f"    {one}" for one in _signed(commands, key)]
        lines.append("")
    return [*lines, told("order")]


def _signed(commands: Sequence[str], key: PublicKey | None) -> list[str]:
    """Give commands with the key in its place; without those that need one where there is none."""
    return [
        one.replace("{key}", key.text if key else "")
        for one in commands
        if key is not None or "{key}" not in one
    ]


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return read_toml(package_file("stations", "delta_words.toml"))
