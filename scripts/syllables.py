"""Syllables of Spanish, English, French and Portuguese words, counted by our own rules.

No library is used: those at hand count hyphenation points, which are fewer than syllables. Each
counter follows how its language divides words, as its docstring says; words that no rule gets
right are data in data/syllables/, one file a language. The counters are judged by word lists that
were counted by hand (tests/scripts/data/syllables).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from scripts.late_pattern import LatePattern
from scripts.term_words import expand

_MOST_KEPT = 65_536
"""Words of one language whose syllables are kept."""
_APOSTROPHES = str.maketrans("", "", "'’ʼ")


def counts_syllables(language: LanguageTag) -> bool:
    """Tell whether the syllables of a language can be counted."""
    return language.partition("-")[0] in _COUNTERS


class _Counts(dict[str, int]):
    """Syllables of the words of one language; texts repeat their words: all are kept."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, word: str) -> int:
        """Count a word that comes for the first time."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[word] = count_syllables(word, self.language)
        return found


_counts = cache(_Counts)


def count_all(words: Sequence[str], language: str) -> list[int]:
    """Count the syllables of every word of a sentence, as ``count_syllables`` does."""
    return [*map(_counts(language).__getitem__, words)]


def count_syllables(word: str, language: str) -> int:
    """Count the syllables of a word, at least one; parts joined by hyphens are counted apart.

    Args:
        word: as written, without the punctuation around it.
        language: a primary subtag for which ``counts_syllables`` holds.
    """
    plain = word.lower()
    listed = _exceptions(language).get(plain.replace("’", "'"))
    if listed is not None:
        return listed
    if "-" in plain:
        return sum(count_syllables(part, language) for part in plain.split("-") if part) or 1
    return max(1, _COUNTERS[language](plain.translate(_APOSTROPHES)))


@cache
def _data(language: str) -> Mapping[str, Any]:
    name = f"data/syllables/{language}.toml"
    return read_toml(package_file("scripts", name))


@cache
def _exceptions(language: str) -> Mapping[str, int]:
    rows = _data(language)["words"]
    return {form: int(count) for count, words in rows.items() for w in words for form in expand(w)}


@cache
def _endings(language: str, key: str) -> frozenset[str]:
    return frozenset(form for pattern in _data(language)[key] for form in expand(pattern))


_ES_STRONG = frozenset("aeoáéó")
_ES_SOUNDED = frozenset("íú")
_ES_TWICE = ({"i"}, {"u"}, {"i", "í"}, {"u", "ú"})
_ES_RUN = LatePattern(r"[aeiouáéíóúü]+")
_ES_SILENT_U = LatePattern(r"(?<=[qg])u(?=[eiéí])")
_ES_FINAL_Y = LatePattern(r"y(?![a-zñáéíóúü])")
_ES_SILENT_H = LatePattern(r"(?<=[aeiouáéíóúü])h(?=[aeiouáéíóúü])(?![ui][aeioáéíó])")


def _spanish(word: str) -> int:
    """Count by spelling (RAE, Ortografía, 2010): guion is one, huir is one.

    Two strong vowels are two syllables, an accented í or ú beside a strong one too; the same
    weak vowel twice as well; h between vowels is not heard unless it begins a diphthong
    (cacahuete), nor the u of que, qui, gue, gui; y at the end is a vowel.
    """
    plain = _ES_SILENT_U.sub("", _ES_FINAL_Y.sub("i", word))
    plain = _ES_SILENT_H.sub("", plain)
    return sum(_spanish_run(run) for run in _ES_RUN.findall(plain))


def _spanish_run(run: str) -> int:
    count = 1
    for before, vowel in pairwise(run):
        both_strong = before in _ES_STRONG and vowel in _ES_STRONG
        sounded = before in _ES_SOUNDED or vowel in _ES_SOUNDED
        strong_beside = before in _ES_STRONG or vowel in _ES_STRONG
        if both_strong or (sounded and strong_beside) or {before, vowel} in _ES_TWICE:
            count += 1
    return count


_EN_RUN = LatePattern(r"[aeiouy]+")
_EN_CONSONANT_Y = LatePattern(r"(?<=[aeiou])y(?=[aeiou])(?!es?$|ed$)|^y(?=[aeiou])")
_EN_QU = LatePattern(r"(?<=q)u(?=[aeiou])|(?<=g)u(?=[aei])")
_EN_INNER_E = LatePattern(
    r"(?<=[aeiouy][^aeiouy])e(?=(?:ment|ly|ty|less|ful|ness|times?|thing|where|body|one|line|d?ly)"
    r"(?:s|d)?$)"
)
_EN_FINAL_E = LatePattern(r"(?<![aeiouy])e$")
_EN_MUTE_ES = LatePattern(r"(?<![aeiouyszcgx])(?<!sh)(?<!ch)(?<![^aeiouy]l)es$")
_EN_MUTE_ED = LatePattern(r"(?<![aeiouytd])ed$")
_EN_LE = LatePattern(r"[^aeiouylr]le[sd]?$")
_EN_SOFT = LatePattern(r"(?<=[tscgx])i(?=[oa]u?[nlstr])|(?<=[tsc])i(?=e)(?=en[tc])")
_EN_APART = LatePattern(
    r"ia|(?<=[^q])ua(?!r[dy])|io|iu|eo(?!pl|n$)|ying|[aeiou]ing|ie(?=t|r$|nc|nt)|uou|ism$|eu(?=m)|oe(?=m|t)|ue(?=l)"
)


def _english(word: str) -> int:
    """Count groups of vowels as said in careful speech (family three, every two).

    A final e and the e of -es and -ed are silent unless they cannot be said without (boxes,
    needed); -le after a consonant is a syllable; ia, io, ua and the like are two vowels unless
    the i only softens the consonant before it (nation, social).
    """
    plain = _EN_QU.sub("", word)
    plain = _EN_CONSONANT_Y.sub("j", plain)
    plain = _EN_INNER_E.sub("", plain)
    extra = 1 if _EN_LE.search(plain) else 0
    plain = _EN_MUTE_ED.sub("d", _EN_MUTE_ES.sub("s", _EN_FINAL_E.sub("", plain)))
    if extra:
        plain = re.sub(r"le?[sd]?$", "l", plain)
    plain = _EN_SOFT.sub("", plain)
    return len(_EN_RUN.findall(plain)) + len(_EN_APART.findall(plain)) + extra


_FR_RUN = LatePattern(r"[aeiouyàâäéèêëîïôöùûüœæ]+")
_FR_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"
_FR_SILENT_U = LatePattern(rf"(?<=q)u(?=[{_FR_VOWELS}])|(?<=g)u(?=[eiéèêy])")
_FR_GLIDE_Y = LatePattern(rf"(?<=[{_FR_VOWELS}])y(?=[{_FR_VOWELS}])|^y(?=[{_FR_VOWELS}])")
_FR_MUTE_END = LatePattern(rf"(?<=[^{_FR_VOWELS}])e(?:s)?$")
_FR_MUTE_ENT = LatePattern(r"ent$")
_FR_HIATUS = LatePattern(
    r"é(?=[aiouéèêyœâô]|e(?!s?$))|[aeou](?=[ïë])|[aou](?=é)(?<!ou)|a(?=[oô])|o(?=[aoôâè])|ï(?=[aeéo])"
    rf"|(?<=[^{_FR_VOWELS}][lr])[iu](?=[aéèo]|e(?!s?$))"
)


def _french(word: str) -> int:
    """Count the syllables as spelt and said in full, without the mute e at the end.

    Kandel and Moles (1958) set their formula on syllables of spoken French; a mute e inside a
    word counts (sa-me-di), one at its end does not (femme, demandes, parlent). -ent is mute in
    verbs; the words in which it is heard are listed. Written vowels that stand for one sound are
    one syllable; é, ï and ë begin one of their own beside another vowel; i after two consonants
    is one too (crier, ouvrier).
    """
    plain = word
    if plain.endswith("ent") and not _sounds_ent(plain):
        plain = _FR_MUTE_ENT.sub("e", plain)
    plain = _FR_SILENT_U.sub("", plain)
    plain = _FR_GLIDE_Y.sub("j", plain)
    plain = _FR_MUTE_END.sub("", plain)
    runs = _FR_RUN.findall(plain)
    return len(runs) + len(_FR_HIATUS.findall(plain))


def _sounds_ent(word: str) -> bool:
    if word in _endings("fr", "mute_ment"):
        return False
    return word.endswith("ment") or word in _endings("fr", "sounded_ent")


_PT_RUN = LatePattern(r"[aeiouáéíóúâêôãõàü]+")
_PT_GLIDE_U = LatePattern(r"(?<=[qg])[uü](?=[aeioáéíóâêôãõ])")
_PT_FALLING = frozenset({"ão", "ãe", "õe", "ãi"})
_PT_CLOSED_I = LatePattern(r"(?:nh|ç[aãoõ]|[lmnrz](?![aeiouáéíóúâêôãõàüh]))")
_PT_ACCENT = LatePattern(r"[áéíóúâêô]")


def _portuguese(word: str) -> int:
    """Count as Brazilian school grammars divide: ru-a, vi-a-gem, fa-mí-lia.

    i and u after another vowel close its syllable, unless accented, before nh (ra-i-nha) or
    before a consonant that ends the syllable (ru-im, ju-iz, a-in-da); ão, ãe and õe are one;
    before another vowel they are a syllable of their own, except at the end of a word that is
    stressed earlier (família, área) and for the u of qu and gu.
    """
    plain = _PT_GLIDE_U.sub("", word)
    return sum(
        _portuguese_run(run[0], plain, run.start(), run.end()) for run in _PT_RUN.finditer(plain)
    )


def _portuguese_run(run: str, word: str, start: int, end: int) -> int:
    count, at = 1, 1
    while at < len(run):
        pair, vowel = run[at - 1 : at + 1], run[at]
        last = at == len(run) - 1
        falls = pair in _PT_FALLING
        if vowel in "iu" and run[at - 1] != vowel:
            closed = last and _PT_CLOSED_I.match(word, end)
            ends_in_iu = run[at:] == "iu" and end == len(word)
            falls = not closed and not ends_in_iu
        elif last and vowel in "aeo" and word[end:] in {"", "s"} and run[at - 1] in "iueo":
            falls = _PT_ACCENT.search(word, 0, start) is not None
        if falls:
            at += 1
            if at < len(run) and run[at - 1] not in "iu":
                count += 1
                at += 1
            continue
        count += 1
        at += 1
    return count


_COUNTERS: Mapping[str, Callable[[str], int]] = {
    "en": _english,
    "es": _spanish,
    "fr": _french,
    "pt": _portuguese,
}
