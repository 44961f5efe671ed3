"""Patterns that are compiled when they are first used: a command uses few of all there are."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class LatePattern:
    """A regular expression with the methods of ``re.Pattern``, which does the work.

    Each method is looked up once and then stays with the value, so that calling it takes as long
    as calling that of the compiled pattern.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        """Take what ``re.compile`` takes; a fault in it comes to light at the first use."""
        self._pattern = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.match``."""
        return self._compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.fullmatch``."""
        return self._compiled.fullmatch

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.search``."""
        return self._compiled.search

    @cached_property
    def findall(self) -> Callable[..., list[str]]:
        """As ``re.Pattern.findall``, for patterns with at most one group."""
        return self._compiled.findall

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """As ``re.Pattern.finditer``."""
        return self._compiled.finditer

    @cached_property
    def sub(self) -> Callable[..., str]:
        """As ``re.Pattern.sub``."""
        return self._compiled.sub
