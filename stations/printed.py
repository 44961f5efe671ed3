"""The printable script of each language as one HTML page that needs nothing but itself.

For a presenter, a translator, a poster on the wall: prints on A4 and Letter, repeats the last
valid day on every page, opens from a stick. It does not say the pack's number: a script that says
the same is the same file in the next pack, and need not be sent again. Nothing is fetched: the
content security policy allows only the page's own style, by its hash.
"""

from programme.facts import Source
from programme.units import LanguageTag
from stations.manifest import series_title
from stations.pack_plan import PackPlan, PackRequest, Track
from stations.phrases import direction
from stations.plain_text import crlf, length, one_line
from stations.script_text import LanguagePage, language_page, render_script_text, sections
from stations.templates import fill, style_hash


def render_scripts(request: PackRequest, plan: PackPlan) -> dict[str, bytes]:
    """Render the script of every language of a pack, HTML and plain text, by path."""
    rendered: dict[str, bytes] = {}
    for language in plan.languages:
        html, text = plan.scripts[language]
        page = language_page(request, plan, LanguageTag(language))
        rendered[html] = render_script_html(page)
        rendered[text] = render_script_text(page)
    return rendered


def render_script_html(page: LanguagePage) -> bytes:
    """Render the script of one language as HTML: UTF-8, CRLF as all of a pack's texts."""
    say, network = page.phrases, page.request.network
    values: dict[str, object] = {
        "language": page.language,
        "direction": direction(page.language),
        "fixed_language": say.language,
        "fixed_direction": direction(say.language),
        "style_hash": style_hash("script.html"),
        "heading": page.heading,
        "valid_until": say("valid_until", date=say.day(page.plan.valid_until)),
        "never_after": say("never_after"),
        "demo": say("demo") if page.plan.demo else "",
        "synthetic": say("synthetic") if page.plan.synthetic_voice else "",
        "draft": say("draft") if page.plan.draft_voice else "",
        "fallback": page.borrowed,
        "recalled": [line.strip() for line in page.recalled],
        "play_order": say("play_order"),
        "total": say("total", duration=length(page.total_ms)),
        "sources": say("sources"),
        "items": [_item(page, track) for track in page.tracks],
        "publisher": say("publisher", network=one_line(network.name)),
        "contact": [
            {"label": say("website", website=""), "value": one_line(network.website)},
            {"label": say("questions", address=""), "value": one_line(network.role_address)},
        ],
    }
    return crlf(fill("script.html", values).splitlines())


def _item(page: LanguagePage, track: Track) -> dict[str, object]:
    edition, say = track.item.heard_in(page.language), page.phrases
    last_day = track.item.last_day
    return {
        "path": track.path,
        "title": one_line(edition.title),
        "series": one_line(series_title(page.request.series, edition.series, edition.language)),
        "episode": say("episode", number=str(edition.number), date=say.day(edition.dated)),
        "duration": length(edition.duration_ms),
        "length": say("duration", duration=length(edition.duration_ms)),
        "valid_until": say("valid_until", date=say.day(last_day)) if last_day else "",
        "sections": sections(edition),
        "sources": [_source(page, source) for source in edition.sources],
    }


def _source(page: LanguagePage, source: Source) -> dict[str, object]:
    say, url = page.phrases, one_line(source.url)
    return {
        "title": one_line(source.title),
        "url": url,
        # Anything else (javascript:, file:) is shown, never made into something to press.
        "linked": url.lower().startswith(("https://", "http://")),
        "retrieved": say("retrieved", date=say.day(source.retrieved)) if source.retrieved else "",
    }
