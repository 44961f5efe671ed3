"""One section of a file of data/spoken/: takes what is asked for, and notes what is not right.

Nothing stops at the first fault: what is lacking is replaced by empty words, so that a person who
adds a language is told everything at once.
"""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

_PART = re.compile(r"\{([^{}]*)\}")


class SpokenFileError(ValueError):
    """A file of data/spoken/ from which something is lacking, or in which something is wrong."""

    def __init__(self, file: str, faults: Collection[str]) -> None:
        """Keep the faults, each with the key that it is about."""
        super().__init__(f"{file}: " + "; ".join(faults))
        self.file = file
        self.faults = tuple(faults)


class Shelf:
    """A table of a TOML file, with the faults that were found in the whole file."""

    def __init__(self, data: Mapping[str, Any], *, faults: list[str], path: str = "") -> None:
        """Begin with nothing taken."""
        self.faults = faults
        self._data = data
        self._path = path
        self._left = set(data)
        self._sections: list[Shelf] = []

    def fault(self, key: str, what: str) -> None:
        """Note what is wrong with a key; an empty key means the section."""
        place = ".".join(part for part in (self._path, key) if part)
        self.faults.append(f"{place} {what}")

    def names(self) -> tuple[str, ...]:
        """Give the keys in the order of the file."""
        return tuple(self._data)

    def has(self, key: str) -> bool:
        """Tell whether a key is there."""
        return key in self._data

    def is_list(self, key: str) -> bool:
        """Tell whether a list stands under a key."""
        return isinstance(self._data.get(key), list)

    def take(self, key: str) -> object:
        """Give whatever stands under a key; None, and a fault, where nothing does."""
        self._left.discard(key)
        if key not in self._data:
            self.fault(key, "is lacking")
            return None
        found: object = self._data[key]
        return found

    def section(self, key: str) -> "Shelf":
        """Give a table of the file; an empty one, and a fault, where there is none."""
        found = self.take(key)
        if key in self._data and not isinstance(found, dict):
            self.fault(key, "is not a table")
        data = found if isinstance(found, dict) else {}
        path = f"{self._path}.{key}" if self._path else key
        section = Shelf(data, faults=self.faults, path=path)
        self._sections.append(section)
        return section

    def text(self, key: str) -> str:
        """Give words."""
        found = self.take(key)
        if isinstance(found, str):
            return found
        if key in self._data:
            self.fault(key, "is not text")
        return ""

    def pattern(
        self, key: str, *parts: str, optional: bool = False, maybe: Collection[str] = ()
    ) -> str:
        """Give a pattern that holds every part; empty where it is optional and not there.

        Args:
            key: of the pattern.
            parts: that it must hold.
            optional: whether it may be left out.
            maybe: parts that it may hold; any other would be filled with nothing, unnoticed.
        """
        if optional and key not in self._data:
            return ""
        found = self.text(key)
        if key in self._data:
            for part in parts:
                if f"{{{part}}}" not in found:
                    self.fault(key, f"lacks {{{part}}}")
            for part in _PART.findall(found):
                if part not in {*parts, *maybe}:
                    self.fault(key, f"holds {{{part}}}, which nothing is put into")
        return found

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """Give one word out of a few."""
        found = self.text(key)
        if key in self._data and found not in allowed:
            shown = ", ".join(word or "(empty)" for word in allowed)
            self.fault(key, f"is «{found}», and it is one of {shown}")
            return next(iter(allowed), "")
        return found

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Give some words out of a few; none where the key is not there."""
        if key not in self._data:
            return ()
        found = self.words(key, 0)
        for word in found:
            if word not in allowed:
                self.fault(key, f"holds «{word}», and it holds {', '.join(allowed)}")
        return found

    def whole(self, key: str) -> int:
        """Give a whole number."""
        found = self.take(key)
        if type(found) is int:
            return found
        if key in self._data:
            self.fault(key, "is not a whole number")
        return 0

    def flag(self, key: str) -> bool:
        """Tell whether a key is there and true."""
        if key not in self._data:
            return False
        found = self.take(key)
        if not isinstance(found, bool):
            self.fault(key, "is neither true nor false")
        return found is True

    def words(self, key: str, count: int) -> tuple[str, ...]:
        """Give a list of words, as many as wanted; any number of them where count is 0."""
        found = self.take(key)
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            if key in self._data:
                self.fault(key, "is not a list of words")
            return ("",) * count
        if count and len(found) != count:
            self.fault(key, f"has {len(found)} words, and {count} are needed")
            return (*found, *("",) * count)[:count]
        return tuple(found)

    def table(self, key: str) -> Mapping[str, str]:
        """Give a table of words; an empty one where the key is not there."""
        if key not in self._data:
            return MappingProxyType({})
        section = self.section(key)
        return MappingProxyType({name: section.text(name) for name in section.names()})

    def patched(self, key: str, base: tuple[str, ...], *, first: int) -> tuple[str, ...]:
        """Give a list in which some words differ; the number of the first word is told."""
        words = list(base)
        for name, word in self.table(key).items():
            number = int(name) - first if name.isascii() and name.isdecimal() else -1
            if not 0 <= number < len(words):
                self.fault(key, f"has «{name}», which is no number from {first} on")
                continue
            words[number] = word
        return tuple(words)

    def end(self) -> None:
        """Note every key of this section and those below that nobody asked for."""
        for key in sorted(self._left):
            self.fault(key, "is not known here")
        for section in self._sections:
            section.end()
