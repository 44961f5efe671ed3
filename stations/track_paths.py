"""Where each track of a pack lies: folders by language, names in play order."""

from collections import Counter
from typing import TYPE_CHECKING

from programme.errors import ProductionError
from programme.units import LanguageTag
from stations.names import (
    LOOP_FOLDER,
    MAX_FOLDERS,
    MAX_TRACKS,
    folder_names,
    notice_name,
    radio_stems,
    track_name,
    validity_name,
)

if TYPE_CHECKING:
    from stations.pack_plan import PackEdition


def track_paths(
    ordered: "tuple[PackEdition, ...]", languages: tuple[LanguageTag, ...], *, radio: bool
) -> tuple[str, ...]:
    """Give where each track lies in the pack, in the order in which it is played.

    Args:
        ordered: what is played.
        languages: that are heard, in the station's order.
        radio: whether names must be unique over all folders, as station software wants them.

    Raises:
        ProductionError: these are more files than a player takes.
    """
    check_counts(ordered, languages)
    together = any(one.together for one in ordered)
    own = tuple(tag for tag in languages if _has_folder(tag, ordered))
    folders = folder_names(own, first=2 if together else 1)
    plain = [one for one in ordered if one.notice is None and not one.validity]
    notices = [one for one in ordered if one.notice is not None]
    keys = [
        (one.edition.series, one.edition.language, one.edition.number, one.edition.episode)
        for one in plain
    ]
    stems = iter(radio_stems(keys) if radio else ())
    paths: list[str] = []
    positions: Counter[str] = Counter()
    for item in ordered:
        edition, suffix = item.edition, item.rendition.suffix
        folder = LOOP_FOLDER if item.together else folders[edition.language]
        if item.notice is not None:
            name = notice_name(notices.index(item) + 1, edition.language, suffix=suffix)
        elif radio and item.validity:
            name = validity_name(edition.language, suffix=suffix)
        elif radio:
            name = next(stems) + suffix
        else:
            positions[folder] += 1
            name = track_name(positions[folder], edition.title, edition.episode, suffix=suffix)
        paths.append(f"{folder}/{name}")
    return tuple(paths)


def _has_folder(tag: LanguageTag, ordered: "tuple[PackEdition, ...]") -> bool:
    """Tell whether a language has a file of its own."""
    return any(one.edition.language == tag and not one.together for one in ordered)


def check_counts(ordered: "tuple[PackEdition, ...]", languages: tuple[LanguageTag, ...]) -> None:
    """Refuse more files or folders than a player takes.

    Raises:
        ProductionError: so it is.
    """
    files = Counter("" if one.together else one.edition.language for one in ordered)
    most = max(files.values())
    if most > MAX_TRACKS or len({*languages, *files}) > MAX_FOLDERS:
        raise ProductionError(
            f"{len(languages)} languages with up to {most} files are more than a player takes",
            remedy=f"pack at most {MAX_TRACKS} files in each of at most {MAX_FOLDERS} languages",
        )
