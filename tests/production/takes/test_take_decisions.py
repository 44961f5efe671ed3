"""decisions.json goes through strangers' hands: what is bent is refused, in words."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.errors import ProductionError
from scripts.take_decisions import parse_decisions


def decisions(*decided: tuple[int, str, str]) -> dict[str, object]:
    """Give decisions.json on the takes of two lines."""
    return {
        "altavoz_decisions": 1,
        "network": "small",
        "decisions": [
            {
                "segment": "agua",
                "language": "quc",
                "line": place + 1,
                "heard": str(place) * 64,
                "decision": word,
                "reason": reason,
            }
            for place, word, reason in decided
        ],
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"heard": "0" * 63}, "digest"),
        ({"segment": "../../etc"}, "names no take"),
        ({"line": True}, "names no take"),
        ({"line": -1}, "line or digest"),
        ({"language": "klingon"}, "names no take"),
        ({"decision": "new"}, "neither accepted nor rejected"),
        ({"decision": "rejected", "reason": "  "}, "without a reason"),
        ({"reason": "x" * 301}, "longer than 300"),
        ({"decision": "rejected", "reason": "\u202e\u200f"}, "without a reason"),
        ({"reason": None}, "no reason"),
    ],
)
def test_a_bent_decision_is_refused_whole(change: dict[str, object], told: str) -> None:
    plain = decisions((0, "accepted", ""), (1, "accepted", ""))
    rows = plain["decisions"]
    assert isinstance(rows, list)
    rows[1] |= change
    with pytest.raises(ProductionError, match=told):
        parse_decisions(json.dumps(plain).encode(), where="decisions.json")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[]", b"{}", b"[" * 100_000, b'{"altavoz_decisions": 2}']
)
def test_what_is_no_decisions_json_is_refused(data: bytes) -> None:
    with pytest.raises(ProductionError, match=r"this is no decisions\.json"):
        parse_decisions(data, where="decisions.json")


def test_a_reason_keeps_its_letters_and_loses_what_nobody_sees() -> None:
    typed = "\u202bنام\u200cها\u202c\n اشتباه است\ud800\x00 \u2014 \U0001f600"
    plain = decisions((0, "rejected", typed))
    (one,) = parse_decisions(json.dumps(plain).encode(), where="decisions.json").takes
    assert one.decision.reason == "نام\u200cها اشتباه است \u2014 \U0001f600"


def test_one_take_is_not_decided_twice() -> None:
    plain = decisions((0, "accepted", ""), (0, "rejected", "x"))
    with pytest.raises(ProductionError, match="twice"):
        parse_decisions(json.dumps(plain).encode(), where="decisions.json")


PLAIN: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just([]) | st.just({})
)
ROW = st.fixed_dictionaries(
    {
        "segment": st.just("agua") | PLAIN,
        "language": st.just("quc") | PLAIN,
        "line": st.integers(0, 3) | PLAIN,
        "heard": st.just("0" * 64) | PLAIN,
        "decision": st.sampled_from(["accepted", "rejected"]) | PLAIN,
        "reason": st.text(max_size=20) | PLAIN,
    }
)


@given(network=st.just("small") | PLAIN, rows=st.lists(ROW | PLAIN, max_size=3) | PLAIN)
def test_bent_decisions_are_refused_in_words_and_sound_ones_can_be_kept(
    network: object, rows: object
) -> None:
    plain = {"altavoz_decisions": 1, "network": network, "decisions": rows}
    with contextlib.suppress(ProductionError):
        for one in parse_decisions(json.dumps(plain).encode(), where="decisions.json").takes:
            assert (one.segment, one.language, 0 <= one.line <= 20_000) == ("agua", "quc", True)
            assert one.decision.reason.encode("utf-8") or one.decision.review != "rejected"
            assert "\n" not in one.decision.reason
