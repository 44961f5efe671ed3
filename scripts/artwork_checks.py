"""Whether a picture that a series names may be shown, and whether directories take it.

Apple: square, 1400 to 3000 pixels, JPG or PNG, RGB, no transparency
(https://podcasters.apple.com/support/896-artwork-requirements). What is wrong with the file
stops a build; what a directory would refuse is a warning, because a picture must not keep a
message from those who need it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from programme.findings import Severity
from scripts.picture_files import PictureFile, read_picture
from scripts.tree import Tree
from scripts.wording import listed, shown

LEAST, MOST = 1400, 3000
"""Pixels of a side."""
_LARGE_BYTES = 1_000_000
"""Every program fetches the picture, also over a telephone network."""
_MOST_BYTES = 20_000_000
_MOST_PIXELS = 10_000
"""Of a side: a program that unpacks more to show it may run out of memory and end."""
_SUFFIXES = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png"}
_DRAW = "save it anew, or leave the line out: Altavoz then draws a picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtworkFault:
    """One thing that is wrong with a picture."""

    rule: str
    problem: str
    remedy: str
    severity: Severity = Severity.ERROR


def artwork_faults(tree: Tree, artwork: str) -> tuple[ArtworkFault, ...]:
    """Give everything that is wrong with a picture.

    Args:
        tree: the workspace's folders.
        artwork: path inside the workspace, as it was written.
    """
    fault = _place_fault(tree, artwork)
    if fault is not None:
        return (fault,)
    path = tree.root / artwork
    named = shown(artwork)
    length = path.stat().st_size
    if length > _MOST_BYTES:
        return (_unusable(f"{named} has {length // 1_000_000} MB"),)
    try:
        found = read_picture(path.read_bytes())
    except OSError as error:
        return (_unusable(f"{named} cannot be read: {error.strerror}"),)
    except ValueError as error:
        return (_unusable(f"{named}: {error}"),)
    problem = _unfit(found, path.suffix.lower())
    if problem:
        return (_unusable(f"{named} {problem}"),)
    faults = [_refused(named, what) for what in _refusals(found)]
    if length > _LARGE_BYTES:
        faults.append(_refused(named, f"{length / 1e6:.1f} MB, which costs listeners' data"))
    return (*faults, *_told(named, found))


def _unfit(found: PictureFile, suffix: str) -> str:
    """Say why nobody could show a picture; empty where somebody could."""
    if found.kind != _SUFFIXES[suffix]:
        told = {"jpeg": "JPG", "png": "PNG"}[found.kind]
        return f"is a {told} by another name"
    if not found.width or not found.height or max(found.width, found.height) > _MOST_PIXELS:
        return f"has {found.width} x {found.height} pixels, which no telephone can show"
    return ""


def _place_fault(tree: Tree, artwork: str) -> ArtworkFault | None:
    path, named = tree.root / artwork, shown(artwork)
    inside = "put a square JPG or PNG into artwork/ and name it here"
    rule, problem = "series.artwork", ""
    if artwork.startswith("/") or ".." in artwork.split("/") or not tree.is_inside(path):
        rule, problem = "file.escape", f"{named} leads out of the workspace"
    elif tree.is_private(path):
        rule, problem = "file.escape", f"{named} lies in private/, which is never published"
    elif path.suffix.lower() not in _SUFFIXES:
        problem = f"{named} is no JPG or PNG"
    elif not path.is_file():
        problem = f"{named} is missing"
    return ArtworkFault(rule=rule, problem=problem, remedy=inside) if problem else None


def _unusable(problem: str) -> ArtworkFault:
    return ArtworkFault(rule="artwork.file", problem=problem, remedy=_DRAW)


def _refused(named: str, what: str) -> ArtworkFault:
    return ArtworkFault(
        rule="artwork.form",
        problem=f"directories may refuse {named}: {what}",
        remedy="save it as a square JPG or PNG of 1400 to 3000 pixels in RGB, or leave the line"
        " out: Altavoz then draws a picture",
        severity=Severity.WARNING,
    )


def _refusals(found: PictureFile) -> Iterator[str]:
    if found.width != found.height:
        yield f"{found.width} x {found.height} pixels, not square"
    elif not LEAST <= found.width <= MOST:
        yield f"{found.width} x {found.height} pixels, not {LEAST} to {MOST}"
    if found.colour != "rgb":
        yield {"grey": "grey", "cmyk": "CMYK", "palette": "a palette"}.get(
            found.colour, "colours of an unknown kind"
        ) + " in place of RGB"
    if found.bits != 8:
        yield f"{found.bits} bits a channel, not 8"
    if found.has_alpha:
        yield "transparency"
    if found.is_animated:
        yield "it moves"
    if found.is_turned:
        yield "it is to be turned before it is shown, which Altavoz and many programs do not do"


def _told(named: str, found: PictureFile) -> Iterator[ArtworkFault]:
    """Warn of what the file tells on whoever made it; it is left out of what is published."""
    told = [*(["the place where it was taken"] if found.has_place else []), *found.remarks]
    if told:
        yield ArtworkFault(
            rule="artwork.remarks",
            problem=f"{named} holds more than the picture: {listed(told)}",
            remedy="Altavoz publishes it without; whoever gets this folder still has it: save"
            " the picture without metadata",
            severity=Severity.WARNING,
        )
