"""The lexicon: how single words are said, by language and voice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The built-in pronunciations, with a workspace's own over them."""
