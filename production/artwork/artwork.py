"""Artwork of feeds: the one that a producer gave, or one that is drawn, as an object to publish.

A drawn picture lies in the store and is drawn once; the journal remembers it by what it shows.
Its address holds its digest: new art has a new name, as directories ask.
"""

from dataclasses import dataclass
from pathlib import Path

from feeds.pages.addresses import media_key
from production.artwork.drawing import drawing_version, opaque_picture
from production.artwork.sketch import Drawing, draw_artwork, draw_card
from production.artwork.wanted import ArtWanted
from production.building import Workshop
from production.journal import Result
from production.releases.values import MediaObject
from production.store import DamagedObjectError, Store
from programme.digests import digest_bytes, fingerprint
from programme.errors import ExitCode, ProductionError
from programme.storage import storage_errors
from programme.units import Digest
from scripts.picture_files import without_remarks

ART = "art"
"""Name of the object."""
CARD = "card"
_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Art:
    """A picture as it is published."""

    media: MediaObject
    path: Path
    """Where its bytes lie."""
    undrawn: str = ""
    """Letters for which there is no font: the title or name in which they stand is not in the
    picture. To be told. Empty mostly."""


def art_for(workshop: Workshop, wanted: ArtWanted) -> Art:
    """Give the square picture, drawn now where the store has none.

    Args:
        workshop: open.
        wanted: what it shows.

    Raises:
        ProductionError: a given image cannot be read or is none; the disk refuses.
        KeyError: the language is not listed in languages.toml.
    """
    if wanted.given:
        return given_art(workshop.root, wanted)
    drawing = draw_artwork(wanted.id, wanted.title, wanted.language)
    return _drawn(workshop, wanted, drawing, ART)


def card_for(workshop: Workshop, wanted: ArtWanted) -> Art:
    """Give the wide picture for links to a page (Open Graph, 1200 x 630), always drawn.

    Raises:
        ProductionError: the disk refuses.
        KeyError: the language is not listed in languages.toml.
    """
    drawing = draw_card(wanted.id, wanted.title, wanted.language)
    return _drawn(workshop, wanted, drawing, CARD)


def given_art(root: Path, wanted: ArtWanted) -> Art:
    """Give the picture that a producer put into the workspace, every pixel as it is.

    What its file tells of place, time and people is left out; the picture without it then lies in
    the workspace's store.

    Raises:
        ProductionError: it cannot be read, or is no JPG and no PNG; the disk refuses.
    """
    path = root / wanted.given
    suffix = path.suffix.lower()
    with storage_errors(path):
        data = path.read_bytes()
    try:
        clean = without_remarks(data)
    except ValueError as error:
        raise ProductionError(
            f"the picture cannot be used: {error}",
            where=str(path),
            remedy="save it anew as JPG or PNG, or leave it out of the series' file",
            code=ExitCode.INPUT,
        ) from error
    digest = digest_bytes(clean)
    if clean != data:
        path = _keep(Workshop(root).store, f"{digest}{suffix}", clean)
    media = MediaObject(
        name=ART,
        key=media_key(wanted.id, digest, suffix),
        media_type=_TYPES[suffix],
        digest=digest,
        length_bytes=len(clean),
    )
    return Art(media=media, path=path)


def _keep(store: Store, name: str, data: bytes) -> Path:
    """Put bytes into the store and give where they lie."""
    store.prepare()
    out = store.scratch / name
    with storage_errors(out):
        out.write_bytes(data)
        return store.path(store.adopt(out))


def _drawn(workshop: Workshop, wanted: ArtWanted, drawing: Drawing, name: str) -> Art:
    inputs = {"svg": drawing.svg, "drawing": drawing_version()}
    key = fingerprint({"step": name, **inputs})
    known = workshop.journal.result(key)
    path = None if known is None else _kept(workshop, known.outputs[name])
    if known is None or path is None:
        data = opaque_picture(drawing.svg)
        path = _keep(workshop.store, f"{key}.png", data)
        known = Result(outputs={name: digest_bytes(data)})
        label = f"{name} {wanted.id} {wanted.language}"
        workshop.journal.record(key, label, {"drawing": inputs["drawing"]}, known)
    digest = known.outputs[name]
    kind = "" if name == ART else f"-{name}"
    slug = f"{wanted.id}-{wanted.language}{kind}".lower()
    media = MediaObject(
        name=name,
        key=media_key(slug, digest, ".png"),
        media_type=_TYPES[".png"],
        digest=digest,
        length_bytes=path.stat().st_size,
    )
    return Art(media=media, path=path, undrawn=drawing.undrawn)


def _kept(workshop: Workshop, digest: Digest) -> Path | None:
    """Give a picture of the store; None where it is gone or not what its name says."""
    try:
        return workshop.store.verified(digest)[0]
    except DamagedObjectError:
        return None
