"""The signed words of a pack's page: what ``index.html`` shows, and what its check goes by.

The page cannot read ``pack.json``: from file:// a browser gives a page no other file. So it holds
a document of its own, signed with the same key. It lists every file that the pack has when the
page is made; ``pack.json`` then lists the page.
"""

from collections.abc import Mapping, Sequence

from programme.digests import Plain, canonical_json
from programme.editions import Caption
from programme.units import LanguageTag
from stations import bag
from stations.manifest import series_title
from stations.pack_plan import PackEdition, PackFile, PackPlan, PackRequest, Track
from stations.phrases import direction, language_name, phrases_for
from stations.plain_text import keep_numbers, one_line

FORMAT = "altavoz-page/1"
"""Changes when an older page's program would misread the document."""

SHARE = f"{bag.PAYLOAD}share_"
"""How small files to pass on begin. They have no folder of their own: there are players that stop
at a folder within a folder."""


def render_document(
    request: PackRequest,
    plan: PackPlan,
    files: Sequence[PackFile],
    *,
    text_digest: str,
    embedded: bool,
) -> str:
    """Render the document as one line that can stand within a page and is signed as it is.

    Args:
        request: what was asked for.
        plan: where it lies.
        files: every file of the pack that is known before the page, sound included.
        text_digest: of the words of the page as it stands without a program.
        embedded: whether the page holds the sound.
    """
    network = request.network
    sounds = {track.path for track in plan.tracks}
    heard = dict.fromkeys(tag for track in plan.tracks for tag in track.item.languages)
    recalled = dict.fromkeys(recall.language for recall in request.recalls)
    about: dict[str, Plain] = {
        "format": FORMAT,
        "pack": plan.pack_id,
        "serial": request.serial,
        "issued": request.issued.isoformat(),
        "valid_until": plan.valid_until.isoformat(),
        "publisher": {
            "name": one_line(network.name),
            "website": one_line(network.website),
            "contact": one_line(network.role_address),
        },
        "licence": one_line(f"{network.licence} {network.licence_url}"),
        "station": one_line(request.station.name) if request.station.publish_identity else "",
        "languages": [
            [str(tag), language_name(tag), direction(tag)] for tag in {**heard, **recalled}
        ],
        # Whose words the page uses where nobody has those of the phone's language.
        "words": phrases_for(plan.languages[0], plan.languages, network.source_language).language,
        "demo": plan.demo,
        "synthetic_voice": plan.synthetic_voice,
        "draft_voice": plan.draft_voice,
        "items": [_item(request, track) for track in plan.tracks],
        "recalls": _recalls(request),
        "news": _news(request),
        "files": [
            {"path": one.path, "bytes": one.length_bytes, "sha256": one.digest}
            for one in files
            if one.path not in sounds
        ],
        "beside": list(beside(plan)),
        "papers": [list(one) for one in papers_to_print(plan, files)],
        "shares": f"{SHARE}…" if has_shares(files) else "",
        "embedded": embedded,
        "text_sha256": text_digest,
    }
    # Markup cannot begin or end within it, and no reader changes a byte of it.
    return canonical_json(about).replace("<", r"\u003c").replace(">", r"\u003e")


def trusted_comment(request: PackRequest, plan: PackPlan) -> str:
    """Give the trusted comment of the document's signature; never that of a ``pack.json``."""
    return (
        f"page={plan.pack_id} serial={request.serial} issued={request.issued.isoformat()}"
        f" valid-until={plan.valid_until.isoformat()}"
    )


def beside(plan: PackPlan) -> tuple[str, ...]:
    """Give the files that the document cannot list, because they are made of the page's digest."""
    derived = (plan.page, plan.manifest, plan.signature, plan.checksums)
    return (*derived, bag.DECLARATION, bag.INFO, bag.MANIFEST, bag.TAG_MANIFEST)


def papers_to_print(plan: PackPlan, files: Sequence[PackFile]) -> tuple[tuple[str, str, str], ...]:
    """Give what people may print: the phrase that names it, its path, and its language if one."""
    present = {one.path for one in files}
    wanted = [
        ("run_sheet", f"{bag.PAYLOAD}run_sheet.html", ""),
        *(("script", plan.scripts[tag][0], str(tag)) for tag in plan.languages),
        ("card", f"{bag.PAYLOAD}card.html", ""),
    ]
    return tuple(one for one in wanted if one[1] in present)


def has_shares(files: Sequence[PackFile]) -> bool:
    """Tell whether there are small files to pass on."""
    return any(one.path.startswith(SHARE) for one in files)


def _item(request: PackRequest, track: Track) -> Plain:
    item, edition, rendition = track.item, track.item.edition, track.item.rendition
    fresh = request.news.fresh.get(track.path) if request.news else None
    plain = item.notice is None and not item.validity and not item.parts
    return {
        "path": track.path,
        "sha256": rendition.digest,
        "bytes": rendition.length_bytes,
        "media_type": rendition.media_type,
        "ms": edition.duration_ms,
        "languages": [str(tag) for tag in item.languages],
        "title": shown(edition.title, edition.language),
        "series": one_line(series_title(request.series, edition.series, edition.language))
        if plain
        else "",
        "number": edition.number if plain else 0,
        "dated": edition.dated.isoformat(),
        "expires": item.last_day.isoformat() if item.last_day else "",
        "notice": item.notice is not None,
        "demo": edition.demo,
        "synthetic_voice": edition.synthetic_voice,
        "fresh": fresh.value if fresh else "",
        "says": [_caption(item, caption) for caption in edition.captions],
    }


def _caption(item: PackEdition, caption: Caption) -> Plain:
    """Give when it begins, its paragraph, its words, who says it, and its language."""
    language = language_at(item, caption)
    return [
        caption.start_ms,
        caption.paragraph,
        shown(caption.text, language),
        one_line(caption.speaker),
        str(language),
    ]


def shown(text: str, language: LanguageTag) -> str:
    """Give words as one line in which groups of a telephone number cannot change places."""
    return keep_numbers(one_line(text), direction(language))


def language_at(item: PackEdition, caption: Caption) -> LanguageTag:
    """Give the language of a sentence: in a loop, that of the part in which it begins."""
    parts = (one for one in item.parts if one.start_ms <= caption.start_ms < one.end_ms)
    return next((one.language for one in parts), item.edition.language)


def _recalls(request: PackRequest) -> list[Plain]:
    return [
        {
            "language": str(one.language),
            "name": language_name(one.language),
            "title": shown(one.title, one.language),
            "kind": one.kind.value,
            "reason": shown(one.reason, one.language),
            "since": one.since.isoformat(),
            "files": [{"path": file.path, "sha256": file.digest} for file in one.files],
        }
        for one in request.recalls
    ]


def _news(request: PackRequest) -> Mapping[str, Plain] | None:
    news = request.news
    if news is None:
        return None
    return {
        "serial": news.serial,
        "issued": news.issued.isoformat(),
        "gone": [one_line(title) for title in news.gone],
    }
