"""The example and the skeleton as people will meet them: words, facts, lengths, protection."""

import re
import struct
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from production.starting import init_workspace
from programme.facts import FactStatus
from programme.findings import Severity
from programme.profiles import profiles, words_per_minute
from programme.segments import FURNITURE, SegmentKind
from programme.series import Episode, SeriesKind, Slot
from programme.units import LanguageTag
from programme.words import Script, TranslationState
from scripts.workspace import Workspace, read_workspace

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).parents[2]
CAMINO = ROOT / "examples" / "camino"
SOURCE = LanguageTag("es-419")
COMPLETE = tuple(LanguageTag(tag) for tag in ("es-419", "en", "fr", "pt-BR", "ar"))
WRITTEN = (*COMPLETE, LanguageTag("ht"))
K_ICHE = LanguageTag("quc")
OWN_NAMES = {
    "es-419": "Español.",
    "en": "English.",
    "fr": "Français.",
    "pt-BR": "Português.",
    "ar": "العربية.",
    "ht": "Kreyòl ayisyen.",
}
LOOPED = ("llamar-bomberos",)
"""Said by loudspeakers that repeat: people walk on, and listen for forty seconds at most."""
SOUND_S = 5.0
"""What an opening or closing sound may take; the sounds themselves are measured elsewhere."""
HEADROOM = 1.08
"""Built editions were up to eight per cent longer than their words and pauses promise: stings,
and voices that stay a little below their pace."""


@pytest.fixture(scope="module")
def camino() -> Workspace:
    workspace, _ = read_workspace(CAMINO, today=TODAY)
    assert workspace is not None
    return workspace


def _script(camino: Workspace, segment: str, language: LanguageTag) -> Script:
    script = camino.translations[segment, language].script
    assert script is not None, (segment, language)
    return script


def _scripts(camino: Workspace, language: LanguageTag) -> Iterator[Script]:
    for segment in camino.segments:
        yield _script(camino, segment, language)


def _content(camino: Workspace) -> list[str]:
    return [name for name, segment in camino.segments.items() if segment.kind not in FURNITURE]


def test_reading_the_example_finds_neither_errors_nor_warnings() -> None:
    _, findings = read_workspace(CAMINO, today=TODAY)
    serious = [f for f in findings if f.severity is not Severity.INFO]
    assert [f"{f.place}: {f.problem}" for f in serious] == []


def test_the_example_holds_content_of_every_kind_it_promises(camino: Workspace) -> None:
    kinds = {camino.segments[name].kind for name in _content(camino)}
    assert len(_content(camino)) >= 14
    assert kinds >= {
        SegmentKind.AWARENESS,
        SegmentKind.SELF_CARE,
        SegmentKind.SERVICE_PROMPT,
        SegmentKind.PROCEDURE,
        SegmentKind.MYTH_FACT,
        SegmentKind.ANNOUNCEMENT,
    }


def test_every_segment_is_written_in_every_language_but_kiche(camino: Workspace) -> None:
    for segment in camino.segments:
        states = {tag: camino.translations[segment, tag].state for tag in (*WRITTEN, K_ICHE)}
        assert states.pop(SOURCE) is TranslationState.SOURCE
        assert states.pop(K_ICHE) is TranslationState.MISSING
        assert set(states.values()) == {TranslationState.FRESH}, (segment, states)


def test_every_translation_says_the_same_sentences_with_the_same_facts(camino: Workspace) -> None:
    for source in _scripts(camino, SOURCE):
        shape = [(s.paragraph, sorted(s.facts)) for s in source.sentences]
        for language in WRITTEN[1:]:
            other = _script(camino, source.segment, language)
            assert [(s.paragraph, sorted(s.facts)) for s in other.sentences] == shape, other.file


@pytest.mark.parametrize("language", WRITTEN)
def test_sentences_are_short(camino: Workspace, language: LanguageTag) -> None:
    for script in _scripts(camino, language):
        lengths = [len(s.text.split()) for s in script.sentences]
        assert sum(lengths) / len(lengths) <= 12, script.file
        assert max(lengths) <= 20, script.file


@pytest.mark.parametrize("language", WRITTEN)
def test_no_digit_bracket_or_slash_is_typed_into_a_spoken_line(
    camino: Workspace, language: LanguageTag
) -> None:
    for script in _scripts(camino, language):
        for sentence in script.sentences:
            typed = re.sub(r"\{\{[^}]*\}\}", "", sentence.raw)
            assert not re.search(r"[\d()\[\]/*_#]", typed), (script.file, sentence.line)


def test_every_fact_and_contact_is_a_demo_with_a_source_and_its_dates(camino: Workspace) -> None:
    book = camino.factbook
    known = {name: fact.validity for name, fact in book.facts.items()}
    known |= {name: contact.validity for name, contact in book.contacts.items()}
    for name, validity in known.items():
        assert validity.status is FactStatus.DEMO, name
        assert validity.sources, name
        assert validity.owner, name
        assert all(source.retrieved == TODAY for source in validity.sources), name
        assert validity.verified_on <= TODAY, name
        assert validity.review_by == date(2026, 12, 22), name
        assert validity.expires == date(2027, 1, 31), name


def test_every_content_segment_names_its_source_and_ends_with_the_facts(camino: Workspace) -> None:
    for name in _content(camino):
        segment = camino.segments[name]
        assert segment.sources, name
        assert segment.expires == date(2027, 1, 31), name


def test_every_episode_says_that_it_is_an_example_to_verify(camino: Workspace) -> None:
    for episode in camino.episodes:
        warnings = [
            slot
            for slot in episode.slots
            if slot.segment and camino.segments[slot.segment].kind is SegmentKind.DISCLAIMER
        ]
        assert any(slot.required for slot in warnings), episode.id
        for slot in warnings:
            said = [s.text for s in _script(camino, slot.segment, SOURCE).sentences]
            assert said[:2] == ["Ejemplo.", "Verifique antes de transmitir."]


def _slot_s(camino: Workspace, slot: Slot, language: LanguageTag, profile: str) -> float:
    """How long a slot takes at the profile's pace, in seconds."""
    if not slot.segment:
        return SOUND_S
    how = profiles()[profile]
    sentences = _script(camino, slot.segment, language).sentences
    words = sum(len(sentence.spoken.split()) for sentence in sentences)
    saying = words / words_per_minute(how.pace, language) * 60
    for one, after in pairwise(sentences):
        same = one.paragraph == after.paragraph
        saying += (how.sentence_pause_ms if same else how.paragraph_pause_ms) / 1000
    gaps = (slot.repeat - 1) * how.repeat_pause_ms + how.slot_pause_ms
    return saying * slot.repeat + gaps / 1000


def _edition_s(camino: Workspace, episode: Episode, language: LanguageTag) -> float:
    profile = camino.series[episode.series].profile
    return sum(_slot_s(camino, slot, language, profile) for slot in episode.slots)


@pytest.mark.parametrize("language", WRITTEN)
def test_programmes_take_ten_to_fifteen_minutes_and_spots_half_a_minute_to_one(
    camino: Workspace, language: LanguageTag
) -> None:
    for episode in camino.episodes:
        series = camino.series[episode.series]
        length_s = _edition_s(camino, episode, language)
        assert series.min_s <= length_s <= series.max_s / HEADROOM, (episode.id, length_s)
        if series.kind is SeriesKind.PROGRAMME:
            assert (series.min_s, series.max_s) == (600, 900)
        if series.kind is SeriesKind.SPOTS:
            assert (series.min_s, series.max_s) == (30, 60)


@pytest.mark.parametrize("language", WRITTEN)
def test_the_announcement_names_its_language_first_and_takes_forty_seconds_at_most(
    camino: Workspace, language: LanguageTag
) -> None:
    script = _script(camino, "anuncio-terminal", language)
    assert script.sentences[0].text == OWN_NAMES[language]
    once = Slot(id="once", segment="anuncio-terminal", line=1)
    assert _slot_s(camino, once, language, "loudspeaker") <= 40


@pytest.mark.parametrize("language", WRITTEN)
def test_a_message_for_loops_takes_twelve_seconds_at_most(
    camino: Workspace, language: LanguageTag
) -> None:
    for segment in LOOPED:
        once = Slot(id="once", segment=segment, line=1)
        assert 2 <= _slot_s(camino, once, language, "loudspeaker") <= 12


def test_stations_with_loops_take_only_messages_made_for_loops(camino: Workspace) -> None:
    looping = {name for one in camino.stations.values() if one.loop for name in one.series}
    assert looping
    heard = {slot.segment for e in camino.episodes if e.series in looping for slot in e.slots}
    assert {name for name in heard & {*_content(camino)} if name} == {*LOOPED}


def test_spanish_spots_hold_no_more_words_than_a_minute_carries(camino: Workspace) -> None:
    for episode in camino.episodes:
        if camino.series[episode.series].kind is SeriesKind.SPOTS:
            scripts = [_script(camino, slot.segment, SOURCE) for slot in episode.slots]
            words = sum(len(s.spoken.split()) for script in scripts for s in script.sentences)
            assert 55 <= words <= 100, episode.id


@pytest.mark.parametrize("language", WRITTEN)
def test_every_number_is_said_twice_and_one_a_sentence(
    camino: Workspace, language: LanguageTag
) -> None:
    played = {slot.segment: slot.repeat for e in camino.episodes for slot in e.slots}
    for script in _scripts(camino, language):
        said = [re.findall(r"\{\{phone:([^}]+)\}\}", s.raw) for s in script.sentences]
        assert all(len(numbers) <= 1 for numbers in said), script.file
        flat = [number for numbers in said for number in numbers]
        # a loop's message is one sentence, and the rundown plays all of it twice
        once = 1 if script.segment in LOOPED else 2
        assert all(flat.count(number) == once for number in flat), script.file
        assert script.segment not in LOOPED or played[script.segment] == 2, script.file


def test_a_number_is_spoken_only_where_its_country_is_the_segments(camino: Workspace) -> None:
    for script in _scripts(camino, SOURCE):
        spoken = {m for s in script.sentences for m in re.findall(r"\{\{phone:([a-z-]+)", s.raw)}
        for name in spoken:
            contact = camino.factbook.contacts[name]
            assert camino.segments[script.segment].countries == (contact.country,), script.file
            assert contact.reachable_from == (contact.country,), name


@pytest.mark.parametrize(
    ("spanish", "others"),
    [
        (
            r"\b[Tt]rata\b",
            {
                "en": "rafficking",
                "fr": "raite",
                "pt-BR": "ráfico de [Pp]essoas",
                "ar": "الاتجار",
                "ht": "rafik [Mm]oun",
            },
        ),
        (
            r"tráfico ilícito",
            {
                "en": "smuggling",
                "fr": "trafic illicite",
                "pt-BR": "contrabando",
                "ar": "تهريب",
                "ht": "kontrebann",
            },
        ),
    ],
)
def test_trafficking_and_smuggling_are_never_exchanged(
    camino: Workspace, spanish: str, others: dict[str, str]
) -> None:
    met = 0
    for source in _scripts(camino, SOURCE):
        for language, word in others.items():
            other = _script(camino, source.segment, LanguageTag(language))
            for one, same in zip(source.sentences, other.sentences, strict=True):
                if re.search(spanish, one.text):
                    met += 1
                    assert re.search(word, same.text), (other.file, same.line)
    assert met >= len(others)


@pytest.mark.parametrize("language", WRITTEN)
def test_nobody_is_sent_to_a_consulate_or_promised_confidence(
    camino: Workspace, language: LanguageTag
) -> None:
    # Consulates endanger those who flee their state; what is confidential was not verified.
    consulate = r"consula[dtr]|\bcónsul|قنصل|konsila"
    traps = re.compile(
        consulate + r"|confiden|konfidan|بسرية|السرية|garanti|guarante", re.IGNORECASE
    )
    for script in _scripts(camino, language):
        for sentence in script.sentences:
            assert not traps.search(sentence.text), (script.file, sentence.line)


def test_spanish_always_says_usted(camino: Workspace) -> None:
    familiar = re.compile(r"\b(tú|tus?|ti|contigo|vos|eres|tienes|puedes|debes)\b", re.IGNORECASE)
    for script in _scripts(camino, SOURCE):
        for sentence in script.sentences:
            assert not familiar.search(sentence.text), script.file


def test_lines_against_trafficking_ask_for_a_safe_place_before_the_number(
    camino: Workspace,
) -> None:
    for name in ("linea-trata-mexico", "linea-trata-eeuu", "breve-mexico"):
        raw = [s.raw for s in _script(camino, name, SOURCE).sentences]
        safe = next(i for i, line in enumerate(raw) if "lugar seguro" in line)
        number = next(i for i, line in enumerate(raw) if "{{phone:" in line)
        assert safe < number, name


@pytest.mark.parametrize(
    "path", [CAMINO / "artwork/camino.jpg", ROOT / "production/skeleton/artwork/cover.jpg"]
)
def test_artwork_is_a_square_colour_jpeg_that_directories_take(path: Path) -> None:
    data = path.read_bytes()
    assert len(data) < 200_000
    at = data.index(b"\xff\xc0")  # start of frame, baseline: ITU-T T.81, B.2.2
    height, width, components = struct.unpack_from(">HHB", data, at + 5)
    assert height == width
    assert 1400 <= width <= 3000
    assert components == 3


def test_a_new_workspace_reads_without_errors_or_warnings(tmp_path: Path) -> None:
    folder = tmp_path / "radio-prueba"
    init_workspace(folder, today=date(2026, 11, 22))
    workspace, findings = read_workspace(folder, today=TODAY)
    serious = [f for f in findings if f.severity is not Severity.INFO]
    assert [f"{f.place}: {f.problem}" for f in serious] == []
    assert workspace is not None
    assert workspace.network.id == "radio-prueba"
    left = [p for p in folder.rglob("*") if p.suffix in {".toml", ".yml", ".md", ".txt", ".from"}]
    assert all("my-radio" not in p.read_text(encoding="utf-8") for p in left)


def test_every_file_of_the_skeleton_that_takes_comments_explains_itself() -> None:
    skeleton = ROOT / "production" / "skeleton"
    marks = {".toml": "#", ".yml": "#", ".md": "<!--"}
    for path in skeleton.rglob("*"):
        if path.suffix in marks:
            assert marks[path.suffix] in path.read_text(encoding="utf-8"), path
