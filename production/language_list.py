"""The list of languages: what a tag means, and what Altavoz can do in it."""

from collections.abc import Iterable

from audio.voices.catalogue import offers
from production.tables import Table
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from scripts.language_names import TagDescription, describe_tag
from scripts.spoken import speaks

_BEST = ("air", "draft", "never")
_MEANING = {"air": "fit for air", "draft": "draft only", "never": "never", "": "people only"}


def list_languages(tags: Iterable[str]) -> Table:
    """Tell what tags mean.

    Raises:
        ProductionError: something is no tag at all; code USAGE.
    """
    rows = []
    for tag in tags:
        found = describe_tag(tag)
        if found is None:
            raise ProductionError(
                f"{tag} is no language tag",
                where="altavoz languages",
                remedy="write a tag such as es-419, quc or fa-AF",
                code=ExitCode.USAGE,
            )
        rows.append(_row(found))
    columns = ("language", "name", "own name", "script", "voice", "numbers", "look at")
    return Table(columns=columns, rows=tuple(rows))


def _row(found: TagDescription) -> tuple[str, ...]:
    if not found.exists:
        return (found.tag, "no language of ISO 639", "", "", "", "", "correct the tag")
    if not found.listed:
        what = found.note or "not known to Altavoz yet: it cannot be a network's language"
        return (found.tag, found.english, "", "", "", "", what)
    tag = LanguageTag(found.tag)
    qualities = {offer.quality.value for offer in offers(tag)}
    best = next((quality for quality in _BEST if quality in qualities), "")
    numbers = "in words" if speaks(tag) else "by hand"
    return (tag, found.english, found.own, found.script, _MEANING[best], numbers, found.note)
