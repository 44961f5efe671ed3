"""What feeds call themselves, in the language of who listens; data in catalogue_words.toml."""

from collections.abc import Mapping
from functools import cache

from production.phrases import first_written
from programme.languages import language
from programme.tables import package_file, read_toml
from programme.units import LanguageTag


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return read_toml(package_file("production.catalogue", "catalogue_words.toml"))


def feed_words(
    name: str,
    tag: LanguageTag,
    source: LanguageTag,
    *,
    network: str,
    topic: str = "",
    station: str = "",
) -> str:
    """Give a title or description of a feed.

    Args:
        name: of the phrase.
        tag: the feed's language.
        source: the network's source language, for languages without words of their own.
        network: its name.
        topic: what the feed is about, as people read it; empty for no topic.
        station: the name of the station that it is for; empty for none.
    """
    words = _tables()["words"]
    used = first_written(words, tag, source).partition("-")[0]
    filled = {
        "network": network,
        "topic": topic,
        "station": station,
        "language": language(tag).endonym,
    }
    text = words[used][name]
    for mark, value in filled.items():
        # What was filled in is not looked through again: names may have braces in them.
        text = text.replace(f"{{{mark}}}", value.replace("{", "\0"))
    return text.replace("\0", "{")


def topic_name(topic: str, tag: LanguageTag, source: LanguageTag) -> str:
    """Give a topic as people read it; one that is not in the table as its id says, with spaces."""
    row = _tables()["topics"].get(topic, {})
    used = first_written(row, tag, source).partition("-")[0]
    return row.get(used) or topic.replace("-", " ")
