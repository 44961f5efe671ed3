from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.pages import filling
from feeds.pages.filling import Form, escape, fill
from programme.units import LanguageTag

TAG = LanguageTag("es")
SHARED = {
    **dict.fromkeys(("lang", "dir", "root", "network", "style", "script", "icon"), "shared"),
    **dict.fromkeys(("website", "licence", "licence_url", "way", "withdrawn_page"), "<i>shared"),
    **dict.fromkeys(("series", "series_page", "list", "feed_url", "subscribe"), "<b>shared"),
    "ended": False,
}
TEXTS = (
    *("key", "address", "title", "version", "day", "until", "said_until", "reason", "instead"),
    *("length", "sounds", "files", "paper", "lead", "details", "chapters", "sources", "apart"),
    *("transcript", "others", "alternates"),
)
hostile = st.one_of(
    st.just(""), st.sampled_from(("\0<title\0", "{{ title }}", "&amp;<\"'>")), st.text(max_size=9)
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                **dict.fromkeys(TEXTS, hostile),
                **dict.fromkeys(("withdrawn", "lapsed", "corrected", "machine"), st.booleans()),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_form_gives_the_bytes_of_its_template_whatever_is_set_in(
    pages: list[dict[str, str | bool]],
) -> None:
    form = Form("episode.html", TAG, SHARED)
    for blanks in [*pages, pages[0]]:
        whole = fill("episode.html", TAG, {**SHARED, **blanks})
        assert form.fill(blanks) == whole


def test_text_is_escaped_for_words_and_for_attributes() -> None:
    assert escape("a<b>&\"'") == "a&lt;b&gt;&amp;&#34;&#39;"


def test_a_template_is_compiled_once_for_each_language_and_anew_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path))
    compiled: list[str] = []
    real = jinja2.Environment.compile

    def noting(self: jinja2.Environment, source: str, name: str, filename: None) -> object:
        compiled.append(source)
        return real(self, source, name, filename)

    monkeypatch.setattr(jinja2.Environment, "compile", noting)

    def page(text: str, tag: str) -> str:
        monkeypatch.setattr(filling, "page_part", lambda _: text + ' {{ say("download") }}')
        filling._environment.cache_clear()
        return fill("tried.html", LanguageTag(tag), {}).decode()

    english, spanish = page("one", "en"), page("one", "es-419")
    assert english != spanish
    known = len(compiled)
    assert (page("one", "en"), page("one", "es-419")) == (english, spanish)
    assert len(compiled) == known
    assert page("two", "en") == english.replace("one", "two")
    assert len(compiled) == known + 1
    filling._environment.cache_clear()
