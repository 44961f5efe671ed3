"""Finds what placeholders became in a sentence, so that captions do not part a date or a name."""

import re

from scripts.placeholder_marks import PLACEHOLDER, fold_spaces


def kept_stretches(raw: str, text: str) -> tuple[tuple[int, int], ...]:
    """Give where each placeholder's value stands in the text that is read.

    Args:
        raw: the sentence with its placeholders, as it was written.
        text: the same with the placeholders filled in.

    Returns:
        From and to which character, in order; empty where the two cannot be laid side by side.
    """
    literals = PLACEHOLDER.split(fold_spaces(raw))[::2]
    if len(literals) == 1:
        return ()
    match = re.fullmatch("(.+?)".join(map(re.escape, literals)), text, re.DOTALL)
    if match is None:
        return ()
    return tuple(match.span(number) for number in range(1, len(literals)))
