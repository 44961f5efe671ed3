"""The page beside the feeds: every language in its own name, every episode ready to play.

Works from a web server, a bucket or a USB stick: links are relative, nothing is loaded from
elsewhere, and no script runs. The one home of jinja2 in this craft.
"""

import base64
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2

from feeds.channel import FeedChannel, FeedItem
from feeds.direction import isolate_numbers
from feeds.wellformed import check_characters, check_file_url, check_page_url
from programme.languages import Language, language
from programme.units import DurationMs, LanguageTag

_READABLE = ("text/html", "text/plain", "text/vtt")
"""Transcripts that a browser shows, best first."""

_STYLE = """
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{max-width:42rem;margin:0 auto;padding:1rem}
nav ul,.files{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;padding:0;list-style:none}
a{display:inline-block;padding:.4rem 0}
h1,h2,h3,h4{line-height:1.25;margin:1.5rem 0 .25rem}
h2{border-block-end:.2rem solid}
article{margin-block:1.5rem;padding-inline-start:.75rem;border-inline-start:.3rem solid}
audio{width:100%}
p{margin:.25rem 0}
.valid{font-weight:bold}
.print{display:none}
@media print{audio,nav,.files{display:none}article{break-inside:avoid}.print{display:block}}
"""

_PAGE = """\
{%- macro say(row, name) -%}
{%- if row.foreign %}<span lang="en" dir="ltr">{{ row.words[name] }}</span>
{%- else %}{{ row.words[name] }}{% endif -%}
{%- endmacro -%}
<!DOCTYPE html>
<html lang="{{ lang }}" dir="{{ dir }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="referrer" content="no-referrer">
<title>{{ name }}</title>
<style>{{ style }}</style>
</head>
<body>
<header>
<h1>{{ name }}</h1>
{% if website %}
<p><a dir="ltr" href="{{ website }}">{{ website }}</a></p>
{% endif %}
{% if rows %}
<nav aria-label="{{ rows[0].words.languages }}">
<ul>
{% for row in rows %}
<li><a href="#{{ row.tag }}" lang="{{ row.tag }}" dir="{{ row.dir }}">{{ row.endonym }}</a></li>
{% endfor %}
</ul>
</nav>
{% endif %}
</header>
<main>
{% for row in rows %}
<section id="{{ row.tag }}" lang="{{ row.tag }}" dir="{{ row.dir }}">
<h2>{{ row.endonym }}</h2>
{% for series in row.series %}
<h3>{{ series.title }}</h3>
<p>{{ series.description }}</p>
<p><a href="{{ series.feed }}" type="application/rss+xml">{{ say(row, "subscribe") }}</a></p>
<p class="print"><bdi dir="ltr">{{ series.address }}</bdi></p>
{% for item in series.episodes %}
<article>
<h4>{{ item.title }}</h4>
<p class="valid">{{ say(row, "valid") }} <bdi dir="ltr"><time>{{ item.expires }}</time></bdi></p>
{% if item.src %}
<audio controls preload="none" src="{{ item.src }}" aria-label="{{ item.title }}"></audio>
<ul class="files">
{% for file in item.files %}
<li><a href="{{ file.url }}" download>{{ say(row, "download") }} <bdi dir="ltr">{{ file.said }}</bdi></a></li>
{% endfor %}
{% if item.transcript %}
<li><a href="{{ item.transcript }}">{{ say(row, "transcript") }}</a></li>
{% endif %}
</ul>
{% endif %}
{% if item.machine %}
<p>{{ say(row, "machine") }}</p>
{% endif %}
<details><summary>{{ say(row, "about") }}</summary>
{% for paragraph in item.paragraphs %}
<p>{{ paragraph }}</p>
{% endfor %}
</details>
</article>
{% endfor %}
<p>{{ say(row, "licence") }}: <bdi dir="ltr">
{%- if series.licence_url %}<a href="{{ series.licence_url }}" rel="license">{{ series.licence }}</a>
{%- else %}{{ series.licence }}{% endif %}</bdi></p>
{% endfor %}
</section>
{% endfor %}
</main>
</body>
</html>
"""  # noqa: E501  # lines of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    url: str
    said: str
    """Kind, size and length, such as ``MP3 4.8 MB 10:12``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One language of the page."""

    tag: LanguageTag
    dir: str
    endonym: str
    words: Mapping[str, str]
    foreign: bool
    """Whether the page's own words are English because it has none in this language."""
    series: list[dict[str, object]]


def render_index(
    network_name: str, base_url: str, channels: Sequence[FeedChannel], *, website: str = ""
) -> bytes:
    """Give the index page as HTML in UTF-8; languages in the order of the channels.

    Args:
        network_name: as listeners know it.
        base_url: public address of the folder that the page stands in, with a final slash;
            addresses below it become relative.
        channels: every feed; items in any order, shown newest first.
        website: of the network; empty for none.

    Raises:
        ProductionError: an address or a text cannot stand in a page.
        KeyError: a language is not listed in languages.toml.
    """
    check_characters(network_name, where="index page: name of the network")
    if website:
        check_page_url(website, where="index page: website")
    rows: dict[LanguageTag, _Row] = {}
    for channel in channels:
        row = rows.setdefault(channel.language, _row(language(channel.language)))
        row.series.append(_series(channel, base_url))
    first = next(iter(rows.values()), None)
    page = _template().render(
        name=network_name,
        website=website,
        lang=first.tag if first else "en",
        dir=first.dir if first else "ltr",
        rows=list(rows.values()),
        style=_STYLE,
        policy=_policy(),
    )
    return page.encode("utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(_PAGE)


def _policy() -> str:
    """Allow sound from beside the page and our one style sheet; nothing else."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; media-src 'self'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    text = resources.files("feeds").joinpath("labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _row(known: Language) -> _Row:
    own = _labels().get(known.tag.partition("-")[0])
    return _Row(
        tag=known.tag,
        dir="rtl" if known.rtl else "ltr",
        endonym=known.endonym,
        words=own or _labels()["en"],
        foreign=own is None,
        series=[],
    )


def _series(channel: FeedChannel, base_url: str) -> dict[str, object]:
    rtl = language(channel.language).rtl
    where = f"index page: {channel.feed_url!a}"
    for text in (channel.title, channel.description):
        check_characters(text, where=where)
    if channel.licence_url:
        check_page_url(channel.licence_url, where=f"{where}: licence address")
    newest = sorted(channel.items, key=lambda item: (-item.published_at.timestamp(), item.guid))
    return {
        "title": isolate_numbers(channel.title, rtl=rtl),
        "description": isolate_numbers(channel.description, rtl=rtl),
        "feed": _relative(channel.feed_url, base_url, where),
        "address": channel.feed_url,
        "licence": channel.licence,
        "licence_url": channel.licence_url,
        "episodes": [_item(item, base_url, rtl=rtl) for item in newest],
    }


def _item(item: FeedItem, base_url: str, *, rtl: bool) -> dict[str, object]:
    where = f"index page: item {item.guid!a}"
    for text in (item.title, item.description):
        check_characters(text, where=where)
    paragraphs = [part.strip() for part in item.description.split("\n") if part.strip()]
    found = {t.media_type.partition(";")[0]: t.url for t in item.transcripts}
    transcript = next((found[kind] for kind in _READABLE if kind in found), "")
    return {
        "title": isolate_numbers(item.title, rtl=rtl),
        "paragraphs": [isolate_numbers(part, rtl=rtl) for part in paragraphs],
        "expires": item.expires.isoformat(),
        "src": _relative(item.enclosure.url, base_url, where) if item.enclosure else "",
        "files": _files(item, base_url, where),
        "transcript": _relative(transcript, base_url, where) if transcript else "",
        "machine": item.synthetic_voice,
    }


def _files(item: FeedItem, base_url: str, where: str) -> list[_File]:
    """Give the downloads, each file once: the enclosure first, then the other renditions."""
    sizes: dict[str, int] = {}
    if item.enclosure is not None:
        sizes[item.enclosure.url] = item.enclosure.length_bytes
    for rendition in item.alternates:
        sizes.setdefault(rendition.url, rendition.length_bytes)
    return [
        _File(
            url=_relative(url, base_url, where),
            said=f"{_kind(url)} {_size(length_bytes)} {_length(item.duration_ms)}",
        )
        for url, length_bytes in sizes.items()
    ]


def _relative(url: str, base_url: str, where: str) -> str:
    check_file_url(url, where=where)
    return url.removeprefix(base_url)


def _kind(url: str) -> str:
    return url.rpartition(".")[2].upper()


def _size(length_bytes: int) -> str:
    if length_bytes < 1_000_000:
        return f"{max(1, round(length_bytes / 1000))} kB"
    return f"{length_bytes / 1_000_000:.1f} MB"


def _length(duration_ms: DurationMs) -> str:
    minutes, seconds = divmod((duration_ms + 500) // 1000, 60)
    return f"{minutes}:{seconds:02}"
