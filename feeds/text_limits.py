"""How long the texts of a feed may be."""

MAX_DESCRIPTION_BYTES = 4000
"""Apple's limit on a description, in UTF-8 bytes as written into the feed: 1300 to 2000 letters
of Amharic or Arabic. A longer one is refused, never cut: sources and the validity date stand
at its end."""

MAX_VALUE_LETTERS = 255
"""Apple's limit on every other text of a feed, in characters."""
