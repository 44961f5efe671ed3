"""What may not air is left out with its cause, and never spoken in another language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from production.building import Workshop
from production.selection import LeftOut
from production.steps import Plan
from production.tables import left_out_lines, recording_list, refused_editions
from programme.left_out import Cause
from scripts.workspace import Workspace
from tests.production.running import TODAY, read
from tests.production.small import FILES, write_small

HT: Mapping[str, str | None] = {
    "scripts/agua/ht.md": "# Dlo\n\nPote dlo avek ou.\nBwè tikras pa tikras.\n",
    "scripts/agua/ht.from": FILES["scripts/agua/en.from"],
    "scripts/ayuda/ht.md": "# Èd\n\nRele {{phone:cr-911}}.\nAnkò: {{phone:cr-911}}.\n",
    "scripts/ayuda/ht.from": FILES["scripts/ayuda/en.from"],
    "scripts/aviso/ht.md": "# Avi\n\nSa a se yon egzanp.\nVerifye anvan.\n",
    "scripts/aviso/ht.from": FILES["scripts/aviso/en.from"],
}
"""Haitian Creole: complete text, and no voice that may speak it."""


def with_language(tag: str, voice: str = "") -> dict[str, str | None]:
    """Give changes that put another language in the place of Haitian Creole."""
    changes: dict[str, str | None] = {
        name.replace("ht.", f"{tag}."): text for name, text in HT.items()
    }
    for name in ("altavoz.toml", "series/corta.yml", "episodes/corta-1.yml", "facts/cr-911.yml"):
        text = FILES[name].replace('"ht"', f'"{tag}"').replace("ht:", f"{tag}:")
        changes[name] = text.replace("en, ht]", f"en, {tag}]")
    changes["altavoz.toml"] = f"{changes['altavoz.toml']}\n{voice}"
    return changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that may not air: how the workspace is changed, and what must be said of it."""

    changes: Mapping[str, str | None]
    language: str
    segment: str
    cause: Cause
    words: str
    """In the problem."""
    remedy: str
    day: date = TODAY
    """The day of the plan; the workspace is read on TODAY."""
    refused: bool = False
    """Whether the whole edition of corta-1 is left out."""


STALE_SOURCE = FILES["scripts/agua/es-419.md"].replace("poco a poco", "a sorbos")
SOON = FILES["scripts/agua/segment.yml"].replace('"2027-01-15"', '"2026-12-25"')
OLD_FACT = FILES["facts/cr-911.yml"].replace('"2027-01-31"', '"2026-12-25"')
CASES = {
    "stale": Case(
        changes={"scripts/agua/es-419.md": STALE_SOURCE},
        language="en",
        segment="agua",
        cause=Cause.STALE,
        words="(source lines 4)",
        remedy="altavoz translate done agua en",
    ),
    "unconfirmed": Case(
        changes={"scripts/agua/en.from": None},
        language="en",
        segment="agua",
        cause=Cause.UNCONFIRMED,
        words="nobody has confirmed",
        remedy="altavoz translate done agua en",
    ),
    "missing": Case(
        changes={"scripts/agua/en.from": None, "scripts/agua/en.md": None},
        language="en",
        segment="agua",
        cause=Cause.MISSING,
        words="no text in this language",
        remedy="scripts/agua/en.md",
    ),
    "segment expired": Case(
        changes={"scripts/agua/segment.yml": SOON},
        language="es-419",
        segment="agua",
        cause=Cause.EXPIRED,
        words="the segment expired on 2026-12-25",
        remedy="verify it anew",
        day=date(2026, 12, 26),
    ),
    "fact expired": Case(
        changes={"facts/cr-911.yml": OLD_FACT},
        language="en",
        segment="ayuda",
        cause=Cause.EXPIRED,
        words="the fact cr-911 expired on 2026-12-25",
        remedy="verify it anew",
        day=date(2026, 12, 26),
    ),
    "no voice": Case(
        changes=HT,
        language="ht",
        segment="agua",
        cause=Cause.NO_VOICE,
        words="no voice is fit for Haitian Creole",
        remedy="altavoz voices --lang ht",
        refused=True,
    ),
    "draft voice that nobody accepted": Case(
        changes=with_language("ar"),
        language="ar",
        segment="ayuda",
        cause=Cause.NO_VOICE,
        words="the voice for Arabic is of draft quality",
        remedy="accept_draft = true under [voices.ar]",
        refused=True,
    ),
    "only people speak": Case(
        changes={
            "altavoz.toml": FILES["altavoz.toml"] + '\n[voices.en]\nengine = "none"\n',
        },
        language="en",
        segment="ayuda",
        cause=Cause.NO_VOICE,
        words="only people speak English",
        remedy="record the segments",
        refused=True,
    ),
    "recording of other words": Case(
        changes={
            "recordings/agua/en/take.yml": f'script: "{"0" * 64}"\nfiles: [a.wav]\n',
            "recordings/agua/en/a.wav": "RIFF",
        },
        language="en",
        segment="agua",
        cause=Cause.STALE_RECORDING,
        words="other words than the present ones",
        remedy="altavoz takes kit --lang en --segment agua",
    ),
    "required segment missing": Case(
        changes={"scripts/aviso/en.from": None, "scripts/aviso/en.md": None},
        language="en",
        segment="",
        cause=Cause.REQUIRED,
        words="required segments are missing: aviso",
        remedy="see the segments",
        refused=True,
    ),
    "edition without a title": Case(
        # In a language that has text a lacking title is an error; here there is neither.
        changes={"episodes/corta-1.yml": FILES["episodes/corta-1.yml"].replace(', ht: "Dlo"', "")},
        language="ht",
        segment="",
        cause=Cause.REQUIRED,
        words="has no title in this language",
        remedy="title in episodes/corta-1.yml",
        refused=True,
    ),
    "nothing left to say": Case(
        changes={"scripts/agua/en.from": None, "scripts/ayuda/en.from": None},
        language="en",
        segment="",
        cause=Cause.EMPTY,
        words="nothing is left to say",
        remedy="see the segments",
        refused=True,
    ),
}


def planned(root: Path, day: date) -> tuple[Workspace, Plan]:
    """Read a workspace on TODAY and plan it on another day; no sound is made."""
    workspace = read(root)
    with Workshop(root).open() as workshop:
        return workspace, workshop.plan(workspace, today=day)


def heard(plan: Plan, episode: str, tag: str) -> list[str]:
    """Give the segments that air in an edition, in the profile of its series."""
    return [
        item.slot.segment
        for step in plan.editions
        if (step.chosen.episode.id, step.chosen.language) == (episode, tag)
        and step.profile.id == step.chosen.series.profile
        for item in step.chosen.slots
        if item.script is not None
    ]


def assert_every_word_is_in_its_language(workspace: Workspace, plan: Plan) -> None:
    """Every take of every edition says a sentence of the edition's own language."""
    for step in plan.editions:
        tag = step.chosen.language
        own = {
            sentence.spoken
            for (_, language), translation in workspace.translations.items()
            if language == tag and translation.script is not None
            for sentence in translation.script.sentences
        }
        for slot in step.slots:
            for line in slot.lines:
                assert line.take.speak is not None
                assert line.take.speak.language == tag
                assert line.take.speak.text in own


@pytest.mark.parametrize("name", CASES)
def test_what_may_not_air_is_left_out_with_its_cause(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    workspace, plan = planned(write_small(tmp_path / "small", case.changes), case.day)
    (found,) = {
        item
        for item in plan.left_out
        if (item.episode, item.language, item.segment) == ("corta-1", case.language, case.segment)
    }
    assert found.cause is case.cause
    assert case.words in found.problem
    assert case.remedy in found.remedy
    aired = heard(plan, "corta-1", case.language)
    if case.refused:
        assert aired == []
    else:
        assert sorted({*aired, case.segment}) == ["agua", "aviso", "ayuda"]
        assert case.segment not in aired
    assert_every_word_is_in_its_language(workspace, plan)
    other = "es-419" if case.language != "es-419" else "en"
    if case.cause is not Cause.EXPIRED:
        assert heard(plan, "corta-1", other) == ["aviso", "agua", "ayuda"]
    assert case.words in "\n".join(_told(plan.left_out))


def _told(left_out: tuple[LeftOut, ...]) -> list[str]:
    return [*left_out_lines(left_out), *refused_editions(left_out)]


@pytest.mark.parametrize("tag", ["ar", "fr"])
def test_a_voice_speaks_where_it_is_fit_or_was_accepted(tag: str, tmp_path: Path) -> None:
    voice = f"[voices.{tag}]\naccept_draft = true\n" if tag == "ar" else ""
    # Words of any language do: no sound is made here.
    workspace, plan = planned(write_small(tmp_path, with_language(tag, voice)), TODAY)
    assert heard(plan, "corta-1", tag) == ["aviso", "agua", "ayuda"]
    assert plan.left_out == ()
    assert_every_word_is_in_its_language(workspace, plan)


def test_what_people_must_record_is_listed_in_the_order_of_the_rundown(tmp_path: Path) -> None:
    workspace, plan = planned(write_small(tmp_path, {**HT, "scripts/agua/ht.md": None}), TODAY)
    rows = recording_list(workspace, plan.left_out)
    assert [(row.language, row.segment, row.title, row.sentences) for row in rows] == [
        ("ht", "aviso", "Avi", 2),
        ("ht", "agua", "Agua", 0),
        ("ht", "ayuda", "Èd", 2),
    ]


def test_the_last_good_day_of_an_edition_is_that_of_its_first_part_to_expire(
    tmp_path: Path,
) -> None:
    _, plan = planned(write_small(tmp_path, {"facts/cr-911.yml": OLD_FACT}), TODAY)
    ends = {s.label: s.expires for s in plan.editions}
    assert ends["edition corta corta-1 en podcast"] == date(2026, 12, 25)
    assert ends["edition bucle bucle-1 en loudspeaker"] == date(2027, 1, 15)
