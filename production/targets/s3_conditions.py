"""What is known of a server's conditions: which it takes, and in which form.

Some servers answer 501 to If-Match and know If-None-Match; some refuse a rightly quoted ETag and
take it bare; some ignore both without a word, which is why what was written is looked at again.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from collections.abc import Mapping

Condition = Mapping[str, str]
"""``IfNoneMatch`` or ``IfMatch``, as boto3 names them; empty for none."""


class Conditions:
    """What a server's answers have taught; one for a target, from any thread."""

    def __init__(self) -> None:
        """Think well of the server."""
        self._unknown: frozenset[str] = frozenset()
        self._bare_first = False

    def creating(self) -> Condition:
        """Give the condition that nothing stands there."""
        return {} if "IfNoneMatch" in self._unknown else {"IfNoneMatch": "*"}

    def replacing(self, tag: str) -> list[Condition]:
        """Give the conditions that what stands there has a tag, the likeliest form first.

        An empty tag is for nothing.
        """
        if not tag:
            return [self.creating()]
        if "IfMatch" in self._unknown:
            return [{}]
        forms = [tag, tag.strip('"')]
        ordered = forms[::-1] if self._bare_first else forms
        return [{"IfMatch": form} for form in dict.fromkeys(ordered)]

    def passed(self, condition: Condition) -> None:
        """Note the form that was taken."""
        if "IfMatch" in condition:
            self._bare_first = not condition["IfMatch"].startswith('"')

    def is_unknown(self, condition: Condition) -> None:
        """Note that the server does not know a condition."""
        self._unknown |= set(condition)
