"""Addresses lead to the preview; what identifies a feed, an item or a file stays as it is."""

import re

import requests
from hypothesis import given
from hypothesis import strategies as st

from production.preview.addresses import Addresses
from production.preview.feeds import served_feeds
from tests.preview.conftest import BASE, FEED, FILES, Served

HERE = "http://127.0.0.1:8000/"


def test_every_document_leads_to_the_preview(served: Served) -> None:
    for name in FILES:
        answer = requests.get(served.url + name, timeout=10)
        # without the guid, which stands for itself
        told = re.sub(r"<guid.*?</guid>|\"id\": \"[^\"]*\"", "", answer.text)
        if name.startswith("m/"):
            assert answer.text == FILES[name]
        else:
            assert BASE not in told, name


def test_guids_stay_though_they_look_like_addresses(served: Served) -> None:
    feed = requests.get(served.url + "corta/en.xml", timeout=10).text
    assert f'<guid isPermaLink="false">{BASE}corta/water/en/1</guid>' in feed
    assert "<podcast:guid>c48d6ab4-933d-5309-b31c-825020517f6f</podcast:guid>" in feed
    assert f'href="{served.url}corta/en.xml"' in feed
    assert requests.get(served.url + "corta/en.json", timeout=10).json() == {
        "feed_url": f"{served.url}corta/en.json",
        "items": [{"id": f"{BASE}x/1"}],
    }


def test_addresses_are_led_in_every_form_that_pages_write() -> None:
    addresses = Addresses([BASE], HERE)
    for before, after in (
        ("https://radio.example.org/x", "http://127.0.0.1:8000/x"),
        (r"https:\/\/radio.example.org\/x", r"http:\/\/127.0.0.1:8000\/x"),
        ("?url=https%3A%2F%2Fradio.example.org%2Fx", "?url=http%3A%2F%2F127.0.0.1%3A8000%2Fx"),
        ("podcast://radio.example.org/x", "podcast://127.0.0.1:8000/x"),
        ("https://radio.example.organisation/", "https://radio.example.organisation/"),
        ("https://other.example.org/", "https://other.example.org/"),
    ):
        assert addresses.rewrite(before.encode()).decode() == after


def test_one_base_within_another_is_led_by_the_longer() -> None:
    addresses = Addresses(["https://a.example/", "https://a.example/pod/"], HERE)
    said = b"https://a.example/pod/en.xml https://a.example/en.xml"
    assert addresses.rewrite(said) == b"http://127.0.0.1:8000/en.xml http://127.0.0.1:8000/en.xml"


@given(text=st.text().map(lambda text: text.replace("example", "")))
def test_a_document_without_addresses_stays_as_it_is(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert Addresses([BASE], HERE).rewrite(data) == data


def test_the_address_of_publication_is_read_from_the_feeds(served: Served) -> None:
    # no altavoz.toml is near
    assert served.preview.place.base_urls == (BASE,)
    assert [(f.key, f.title, f.spoken) for f in served.preview.place.feeds] == [
        ("corta/en.xml", "Short", "English"),
        ("corta/es-419.xml", "Short", "español latinoamericano"),
    ]


def test_what_is_no_feed_is_not_listed(served: Served) -> None:
    root = served.folder
    (root / "broken.xml").write_text("<rss><channel><title>x")
    (root / "bomb.xml").write_text(
        '<!DOCTYPE a [<!ENTITY b "x">'
        + "".join(f'<!ENTITY b{n} "{"&b;" * 9}">' for n in range(9))
        + "]><a>&b8;</a>"
    )
    (root / "sitemap.xml").write_text("<urlset><title>x</title></urlset>")
    (root / "empty.xml").write_text("")
    (root / "linked.xml").symlink_to(root / "corta" / "en.xml")
    (root / "m" / "en.xml").write_text(FEED)
    assert [feed.key for feed in served_feeds(root)] == ["corta/en.xml", "corta/es-419.xml"]
