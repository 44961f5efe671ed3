"""Whole numbers and decimals in words, by the table of one language; and as they are printed.

The grammar of each language is in its table: which form stands before a noun, before the word for
thousand, what joins the parts. Here is only the order in which they are put together.
"""

from decimal import Decimal

from scripts.spoken_words import NumberWords, Scale, SpokenTable

LARGEST = 999_999_999
MOST_DECIMALS = 2

_MILLION = 1_000_000


def spell_whole(number: int, words: SpokenTable, form: str = "plain") -> str:
    """Say a whole number from 0 to LARGEST.

    Args:
        number: what to say.
        words: the table of the language.
        form: ``plain`` as one counts, or m, f, n: right before a noun of that gender.

    Raises:
        ValueError: the number is outside 0 to LARGEST.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"outside 0 to {LARGEST}: {number}")
    numbers = words.numbers
    millions, below = divmod(number, _MILLION)
    thousands, rest = divmod(below, 1000)
    said: list[str] = []
    if millions:
        noun_next = form != "plain" and not below
        said.append(_scaled(millions, numbers.million, "million", words, noun_next=noun_next))
    if thousands:
        noun_next = form != "plain" and not rest
        place = "thousand_f" if form == "f" else "thousand"
        part = _scaled(thousands, numbers.thousand, place, words, noun_next=noun_next)
        said += [_joint(thousands, numbers, last=not rest), part] if said else [part]
    if rest or not said:
        part = _under_thousand(rest, numbers, form)
        said += [_joint(rest, numbers, last=True), part] if said else [part]
    return "".join(said)


def spell_decimal(number: Decimal, words: SpokenTable) -> str:
    """Say a number with decimals, as one reads it out.

    Raises:
        ValueError: it is outside 0 to LARGEST.
    """
    whole, _, decimals = f"{number:f}".partition(".")
    said = spell_whole(int(whole), words)
    if not decimals:
        return said
    return fill(words.numbers.decimals, whole=said, decimals=_decimals(decimals, words))


def print_number(number: Decimal, words: SpokenTable) -> str:
    """Give a number in figures, its thousands set apart as the language does."""
    whole, _, decimals = f"{number:f}".partition(".")
    figures = words.figures
    if int(whole) >= figures.group_from:
        whole = f"{int(whole):,}".replace(",", figures.group)
    return whole + (figures.decimal_sign + decimals if decimals else "")


def splits(number: int, words: SpokenTable) -> bool:
    """Tell whether a count is said in two: a hundred days and one day (Arabic)."""
    return words.numbers.apart and number > 100 and number % 100 in {1, 2}


def fill(pattern: str, **parts: str) -> str:
    """Put words into a pattern; what they hold is not looked at again."""
    pieces = pattern.split("{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, _, after = piece.partition("}")
        filled += [parts.get(name, ""), after]
    return "".join(filled)


def _joint(part: int, numbers: NumberWords, *, last: bool) -> str:
    short = last and (part < 100 or part % 100 == 0)
    return numbers.between_short if short else numbers.between


def _scaled(count: int, scale: Scale, place: str, words: SpokenTable, *, noun_next: bool) -> str:
    """Say how many thousands or millions there are."""
    if splits(count, words):
        head = _scaled(count - count % 100, scale, place, words, noun_next=False)
        tail = _scaled(count % 100, scale, place, words, noun_next=noun_next)
        return head + words.numbers.between + tail
    category = words.plural.category(Decimal(count))
    pattern = scale.said[category]
    if noun_next:
        pattern = scale.before_noun.get(category, pattern)
    if "{count}" not in pattern:
        return pattern
    return fill(pattern, count=_under_thousand(count, words.numbers, place))


def _under_thousand(number: int, numbers: NumberWords, form: str) -> str:
    words = numbers.forms[form]
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return words.under_hundred[rest]
    if not rest:
        return words.exact_hundreds[hundreds - 1]
    return words.hundreds[hundreds - 1] + numbers.after_hundreds + words.under_hundred[rest]


def _decimals(decimals: str, words: SpokenTable) -> str:
    plain = words.numbers.forms["plain"].under_hundred
    if not words.numbers.decimals_as_number:
        return " ".join(plain[int(digit)] for digit in decimals)
    bare = decimals.lstrip("0")
    zeros = [plain[0]] * (len(decimals) - len(bare))
    return " ".join([*zeros, spell_whole(int(bare), words)] if bare else zeros)
