"""How long it is silent after each sentence of a script."""

from programme.profiles import Profile
from programme.units import DurationMs
from programme.words import Script, Sentence


def pauses_after(script: Script, profile: Profile) -> list[DurationMs]:
    """Give the silence after each sentence: longer where another speaks, or a paragraph ends."""
    last = script.sentences[-1]
    return [
        _pause(sentence, after, profile)
        for sentence, after in zip(script.sentences, (*script.sentences[1:], last), strict=True)
    ]


def _pause(sentence: Sentence, after: Sentence, profile: Profile) -> DurationMs:
    if sentence.paragraph != after.paragraph:
        return profile.paragraph_pause_ms
    same = sentence.speaker == after.speaker
    return profile.sentence_pause_ms if same else profile.turn_pause_ms
