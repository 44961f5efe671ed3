"""Dialogues: whose line is whose, what is no label, and what must not change without labels."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.digests import canonical_json, digest_text
from programme.findings import Finding, Findings
from programme.speakers import Speaker
from programme.units import LanguageTag
from programme.words import Script
from scripts import dialogue
from scripts.house_style import HouseStyle, built_in_style
from scripts.review_digests import sentence_digest, text_digest
from scripts.script_file import parse_script, read_script
from scripts.script_layout import compose, read_layout
from scripts.script_lines import ScriptDesk, ScriptLine
from scripts.speakers import Speakers, head_of
from tests.scripts.checking import BOOK

ES, FR, AR = LanguageTag("es-419"), LanguageTag("fr"), LanguageTag("ar")


def speaker(name: str, labels: Mapping[str, str]) -> Speaker:
    return Speaker(id=name, labels={LanguageTag(tag): label for tag, label in labels.items()})


SPEAKERS = Speakers(
    by_id={
        "presenter": speaker(
            "presenter",
            {"es": "LOCUTORA", "en": "PRESENTER", "fr": "PRÉSENTATRICE", "ar": "المذيعة"},
        ),
        "voice2": speaker(
            "voice2", {"es": "VOZ 2", "en": "VOICE 2", "fr": "VOIX 2", "ar": "الصوت 2"}
        ),
    },
    languages=(ES, LanguageTag("en"), FR, AR),
)
STYLE = replace(built_in_style(), speakers=SPEAKERS)
NOBODY = built_in_style()


def read(
    lines: str, language: LanguageTag = ES, style: HouseStyle = STYLE
) -> tuple[Script | None, list[Finding]]:
    findings = Findings()
    reading = read_script(
        f"# T\n\n{lines}\n",
        file="x.md",
        segment="x",
        language=language,
        book=BOOK,
        style=style,
        findings=findings,
    )
    return reading.draft, list(findings)


def said(lines: str, language: LanguageTag = ES) -> list[tuple[str, str]]:
    script, findings = read(lines, language)
    assert script is not None
    assert not findings, findings
    return [(one.speaker, one.spoken) for one in script.sentences]


def rules(lines: str, language: LanguageTag = ES, style: HouseStyle = STYLE) -> list[str]:
    return [found.rule for found in read(lines, language, style)[1]]


def test_a_label_is_not_spoken_and_holds_until_the_next_one() -> None:
    assert said("LOCUTORA: Hola.\nPedir refugio es gratis.\nVOZ 2: ¿De verdad?\nLOCUTORA: Sí.") == [
        ("presenter", "Hola."),
        ("presenter", "Pedir refugio es gratis."),
        ("voice2", "¿De verdad?"),
        ("presenter", "Sí."),
    ]


def test_a_label_may_stand_alone_on_the_line_before() -> None:
    assert said("LOCUTORA:\nHola.\nVOZ 2:\n<!-- con calma -->\nBuenas.") == [
        ("presenter", "Hola."),
        ("voice2", "Buenas."),
    ]


def test_after_a_blank_line_without_a_label_the_usual_voice_speaks_and_the_writer_is_told() -> None:
    script, findings = read("Una historia.\n\nLOCUTORA: Hola.\n\nSigue la historia.")
    assert script is not None
    assert [one.speaker for one in script.sentences] == ["", "presenter", ""]
    assert [(found.line, found.rule) for found in findings] == [(7, "speaker.missing")]


def test_french_and_arabic_write_their_labels_their_own_way() -> None:
    assert said("PRÉSENTATRICE\u00a0: Bonjour.\nVOIX 2 : Salut.", FR) == [
        ("presenter", "Bonjour."),
        ("voice2", "Salut."),
    ]
    assert said("المذيعة: مرحبا.\nالصوت 2: شكرا.", AR) == [
        ("presenter", "مرحبا."),
        ("voice2", "شكرا."),
    ]


def test_a_label_in_decomposed_letters_is_the_same_label() -> None:
    typed = unicodedata.normalize("NFD", "PRÉSENTATRICE: Bonjour.")
    assert said(typed, FR) == [("presenter", "Bonjour.")]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("LOCUTOR: Hola.", "did you mean LOCUTORA:"),
        ("Locutora: Hola.", "write LOCUTORA:"),
        ("LOCUTORA (riendo): Hola.", "<!--"),
        ("VOZ 3: Hola.", 'voice3 = { es = "VOZ 3", en = "VOICE 3"'),
        ("NARRADORA: Hola.", "narrator = "),
        ("MARTA: Hola.\nELENA: Buenas.", "never a person's name"),
        ("P: ¿Es gratis?\nR: Sí.", "[speakers]"),
    ],
)
def test_what_must_be_a_label_and_is_not_declared_is_an_error(lines: str, says: str) -> None:
    _, findings = read(lines)
    unknown = [found for found in findings if found.rule == "speaker.unknown"]
    assert len(unknown) == lines.count(":")
    assert unknown[0].severity.value == "error"
    assert says in unknown[0].remedy
    assert {found.rule for found in findings} == {"speaker.unknown"}


@pytest.mark.parametrize(
    "line",
    [
        "Importante: beba agua.",
        "Recuerde: es gratis.",
        "ATENCIÓN: hoy no hay agua.",
        "MUY IMPORTANTE: lleve agua.",
        "ACNUR: llame hoy.",
        "Son las 8:00.",
        "Hay tres pasos: pedir, esperar y firmar.",
        "Llame: {{phone:linea}}.",
        "مهم: الماء مجاني.",
    ],
)
def test_a_sentence_with_a_colon_stays_a_sentence(line: str) -> None:
    language = AR if "م" in line else ES
    assert not [rule for rule in rules(line, language) if rule.startswith("speaker")]
    script, _ = read(line, language)
    assert script is not None
    assert script.sentences[0].raw == line


def test_a_call_for_attention_is_no_label_even_in_a_dialogue() -> None:
    script, findings = read("LOCUTORA: Hola.\nATENCIÓN: no pague.")
    assert script is not None
    assert [(one.speaker, one.raw) for one in script.sentences][1] == (
        "presenter",
        "ATENCIÓN: no pague.",
    )
    assert "speaker.unknown" not in {found.rule for found in findings}


def test_a_label_within_a_line_is_one_error() -> None:
    assert rules("LOCUTORA: ¿Es gratis? VOZ 2: Sí.") == ["speaker.mid-line"]


def test_a_label_without_words_is_an_error_at_its_line() -> None:
    _, findings = read("LOCUTORA:\n\nVOZ 2: Hola.\nLOCUTORA:\nVOZ 2: Adiós.\nLOCUTORA:")
    assert [(found.line, found.rule) for found in findings] == [
        (3, "speaker.no-words"),
        (6, "speaker.no-words"),
        (8, "speaker.no-words"),
    ]


def test_without_declared_speakers_a_dialogue_says_what_to_write_into_altavoz_toml() -> None:
    _, findings = read("LOCUTORA: Hola.\nVOZ 2: Buenas.", style=built_in_style())
    assert [found.rule for found in findings] == ["speaker.unknown"] * 2
    assert 'presenter = { es = "LOCUTORA", en = "PRESENTER"' in findings[0].remedy


def test_the_digests_change_with_who_speaks_and_only_then() -> None:
    plain, _ = read("Hola.\nPedir refugio es gratis.", style=built_in_style())
    same, _ = read("Hola.\nPedir refugio es gratis.")
    by_one, _ = read("LOCUTORA: Hola.\nPedir refugio es gratis.")
    by_other, _ = read("VOZ 2: Hola.\nPedir refugio es gratis.")
    by_two, _ = read("LOCUTORA: Hola.\nVOZ 2: Pedir refugio es gratis.")
    scripts = [plain, same, by_one, by_other, by_two]
    assert all(scripts)
    digests = [script.words_digest for script in scripts if script]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4
    assert len({text_digest(script) for script in scripts if script}) == 4
    assert len({sentence_digest(script.sentences[0]) for script in scripts if script}) == 3


def test_what_recordings_of_older_workspaces_are_bound_to_has_not_changed() -> None:
    # Written down as it was before there were speakers: the title, then each sentence as spoken.
    script, _ = read("Hola.\nPedir refugio es gratis.")
    assert script is not None
    typed = canonical_json(["T", "Hola.", "Pedir refugio es gratis."])
    assert script.words_digest == digest_text(typed)
    assert sentence_digest(script.sentences[0]) == digest_text("Hola.")[:16]


WORDS = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "Zs", "Mn"]) | st.sampled_from(":() "),
    max_size=60,
)


@given(st.lists(WORDS.filter(lambda line: "LOCUTORA" not in line and "VOZ" not in line)))
def test_text_without_labels_is_read_as_if_nobody_were_declared(lines: list[str]) -> None:
    text = "# T\n\n" + "\n".join(lines)
    found = []
    for style in (built_in_style(), STYLE):
        findings = Findings()
        script = parse_script(
            text, file="x", segment="x", language=ES, book=BOOK, style=style, findings=findings
        )
        found.append((script, [(one.line, one.rule) for one in findings]))
    assert found[0] == found[1]
    script = found[0][0]
    if script is not None:
        assert script.speakers in {("",), ()}
        assert script.words_digest == digest_text(
            canonical_json([script.title, *(one.spoken for one in script.sentences)])
        )


def desk(style: HouseStyle, language: LanguageTag = ES) -> ScriptDesk:
    return ScriptDesk(
        file="x.md",
        language=language,
        book=BOOK,
        style=style,
        table=style.lexicon.table(language),
        findings=Findings(),
        allowed=[],
    )


BEGINNINGS = [
    "LOCUTORA",
    "VOZ  2",
    "VOZ 3",
    "Importante",
    "EL DATO",
    "صوت",
    "{{a",
    "",
    "A" * 61,
    "8",
]
LINES = st.builds(
    "{}{}{}".format,
    st.sampled_from(BEGINNINGS) | WORDS,
    st.sampled_from([":", ": ", "\uff1a", " ", ": VOZ\t2: "]),
    st.sampled_from(["", "Hola.", "00 es la hora."]),
)


@given(st.lists(LINES, max_size=6), st.sampled_from([ES, AR]), st.sampled_from([STYLE, NOBODY]))
def test_a_text_that_is_not_parted_would_come_out_of_it_as_it_is(
    raws: list[str], language: LanguageTag, style: HouseStyle
) -> None:
    own = desk(style, language)
    body = [ScriptLine(number, raw, number // 3) for number, raw in enumerate(raws)]
    for _ in range(2):  # the second time with what the first found
        if not dialogue._may_be_dialogue(raws, own):
            labels = style.speakers.labels(language)
            heads = dialogue._heads(body, labels, own)
            assert dialogue._parted(body, heads, labels, own) == body
            assert not own.findings.items


def test_what_is_no_label_for_one_workspace_or_language_is_one_for_another() -> None:
    line = "Ana: Buenos días."
    ana = Speakers(by_id={"ana": speaker("ana", {"es": "Ana"})}, languages=(ES, FR))
    with_ana = replace(built_in_style(), speakers=ana)
    for style, language, speakers in (
        (STYLE, ES, ("",)),
        (with_ana, FR, ("",)),
        (with_ana, ES, ("ana",)),
        (STYLE, ES, ("",)),
    ):
        script, _ = read(line, language, style)
        assert script is not None
        assert script.speakers == speakers


TURNS = st.lists(
    st.tuples(
        st.sampled_from(["", "LOCUTORA", "VOZ 2"]),
        st.sampled_from(["Hola.", "Importante: no pague.", "¿Es gratis?", "Sí: es gratis."]),
        st.sampled_from([": ", ":", " : ", ":\n", ":\t"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(TURNS)
def test_the_parser_and_the_layout_give_each_line_to_the_same_speaker(
    turns: list[tuple[str, str, str, bool]],
) -> None:
    ids = {"": "", "LOCUTORA": "presenter", "VOZ 2": "voice2"}
    lines, expected, present = [], [], ""
    for label, words, colon, breaks in turns:
        if breaks:
            lines.append("")
            present = ""
        # a colon without a space after it, as in 8:00, ends no label
        mark = ": " if colon == ":" else colon
        lines.append(f"{label}{mark}{words}" if label else words)
        present = ids[label] or present
        expected.append((present, words))
    text = "# T\n\n" + "\n".join(lines)
    layout = read_layout(text, ES, SPEAKERS.labels(ES))
    assert [(line.speaker, line.words) for line in layout.lines] == expected
    script, _ = read("\n".join(lines))
    assert script is not None
    assert [(one.speaker, one.raw) for one in script.sentences] == expected
    again = read_layout(compose(layout).text, ES, SPEAKERS.labels(ES))
    assert [(one.speaker, one.words, one.label) for one in again.lines] == [
        (one.speaker, one.words, one.label) for one in layout.lines
    ]


@given(st.text(max_size=200))
def test_parting_any_line_loses_no_word(line: str) -> None:
    head = head_of(line)
    if head is not None:
        assert line.endswith(head.words)
        assert "".join(line.split()).startswith("".join(head.before.split()))


PIECES = st.sampled_from(
    [
        *("LOCUTORA", "VOZ 2", ":", ": ", "\uff1a", " ", "\u00a0", "Hola.", "¿Es gratis?", "8:00"),
        *("{{phone:linea}}", "ATENCIÓN", "(riendo)", "<!-- no -->", "-", "x", "Sí"),
        '{{allow words.acronym reason="z"}}',
    ]
)


@given(st.lists(st.lists(PIECES, max_size=5).map("".join), max_size=8))
def test_a_text_that_can_be_read_is_laid_out_as_it_is_read(lines: list[str]) -> None:
    # Tools that rewrite a script work on its layout: one word astray would be put elsewhere.
    text = "# T\n\n" + "\n".join(lines)
    findings = Findings()
    script = parse_script(
        text, file="x", segment="x", language=ES, book=BOOK, style=STYLE, findings=findings
    )
    if script is None:
        return
    layout = read_layout(text, ES, SPEAKERS.labels(ES))
    assert [(line.speaker, line.words, line.paragraph) for line in layout.lines] == [
        (one.speaker, one.raw, one.paragraph) for one in script.sentences
    ]
    again = read_layout(compose(layout).text, ES, SPEAKERS.labels(ES))
    assert [(one.speaker, one.words) for one in again.lines] == [
        (one.speaker, one.words) for one in layout.lines
    ]
