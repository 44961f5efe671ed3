import pytest

from feeds.guids import podcast_guid


@pytest.mark.parametrize(
    ("url", "guid"),
    [
        # The two examples of the podcast namespace's page on <podcast:guid>.
        ("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
    ],
)
def test_the_published_examples_come_out(url: str, guid: str) -> None:
    assert podcast_guid(url) == guid


@pytest.mark.parametrize(
    "spelling", ["http://podnews.net/rss", "podnews.net/rss//", "HTTPS://podnews.net/rss/"]
)
def test_scheme_and_final_slashes_do_not_matter(spelling: str) -> None:
    assert podcast_guid(spelling) == podcast_guid("https://podnews.net/rss")
