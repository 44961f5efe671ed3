"""Which form of a noun a number takes: one day, two days, and the six forms of Arabic.

The rules of a language are written as Unicode writes them (UTS 35, part 3, section 5.1, "Plural
Rules Syntax"), so that those of a new language can be looked up in CLDR and typed into its data::

    one = "i = 1 and v = 0"
    few = "n % 100 = 3..10"

Operands: ``n`` the number, ``i`` its whole part, ``v`` how many decimals are written, ``f`` the
decimals as a number, ``t`` the same without zeros at the end. What no rule takes is ``other``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""Every plural category of CLDR."""

_RANGE = r"[0-9]+(?:\.\.[0-9]+)?"
_RELATION = re.compile(
    rf"\s*([nivft])(?:\s*%\s*([0-9]+))?\s*(!?=)\s*({_RANGE}(?:\s*,\s*{_RANGE})*)\s*\Z"
)


class PluralRuleError(ValueError):
    """A rule that is not written as Unicode writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Relation:
    operand: str
    modulus: int
    """0 where the operand is taken as it is."""
    equal: bool
    ranges: tuple[tuple[int, int], ...]

    def holds(self, operands: Mapping[str, Decimal]) -> bool:
        value = operands[self.operand]
        if self.modulus:
            value %= self.modulus
        among = value == int(value) and any(a <= value <= b for a, b in self.ranges)
        return among is self.equal


@dataclass(frozen=True, slots=True)
class PluralRules:
    """The rules of one language, in order; every one is alternatives of conjunctions."""

    rules: tuple[tuple[str, tuple[tuple[_Relation, ...], ...]], ...]

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that a noun needs words for, ``other`` last."""
        return (*(name for name, _ in self.rules), "other")

    def category(self, number: Decimal) -> str:
        """Give the category of a number that is not negative, as its decimals are written."""
        operands = _operands(number)
        for name, alternatives in self.rules:
            if any(all(r.holds(operands) for r in relations) for relations in alternatives):
                return name
        return "other"


def parse_rules(rules: Mapping[str, str]) -> PluralRules:
    """Read the rules of a language: category to condition, without ``other``.

    Raises:
        PluralRuleError: no such category, or a condition of another form; the text says which.
    """
    parsed = []
    for name, condition in rules.items():
        if name not in CATEGORIES[:-1]:
            raise PluralRuleError(f"«{name}» is none of {', '.join(CATEGORIES[:-1])}")
        alternatives = tuple(
            tuple(_relation(part) for part in re.split(r"\band\b", alternative))
            for alternative in re.split(r"\bor\b", condition)
        )
        parsed.append((name, alternatives))
    return PluralRules(tuple(parsed))


def _relation(text: str) -> _Relation:
    match = _RELATION.match(text)
    if match is None:
        raise PluralRuleError(f"«{text.strip()}» is no condition such as n % 100 = 3..10")
    ranges = []
    for part in match[4].split(","):
        first, _, last = part.strip().partition("..")
        ranges.append((int(first), int(last or first)))
    return _Relation(
        operand=match[1],
        modulus=int(match[2] or 0),
        equal=match[3] == "=",
        ranges=tuple(ranges),
    )


def _operands(number: Decimal) -> dict[str, Decimal]:
    whole, _, decimals = f"{number:f}".partition(".")
    return {
        "n": number,
        "i": Decimal(whole),
        "v": Decimal(len(decimals)),
        "f": Decimal(decimals or 0),
        "t": Decimal(decimals.rstrip("0") or 0),
    }
