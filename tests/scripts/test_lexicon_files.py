"""A workspace's lexicon/: what is read, and every fault once, at its line."""

from pathlib import Path

import pytest

from programme.findings import Finding, Findings
from programme.units import LanguageTag
from scripts.house_style import built_in_style, read_house_style
from scripts.lexicon import Lexicon, WordKind
from scripts.read_lexicon import MOST_ENTRIES, read_lexicon
from scripts.tree import Tree

ES = LanguageTag("es-419")
LANGUAGES = (ES, LanguageTag("en"), LanguageTag("quc"))


def read(folder: Path, **files: str) -> tuple[Lexicon, list[Finding]]:
    """Read a lexicon folder whose files are given by their tags, with _ for -."""
    (folder / "lexicon").mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / "lexicon" / f"{name.replace('_', '-')}.yml"
        path.write_text(text, encoding="utf-8")
    findings = Findings()
    found = read_lexicon(Tree(root=folder.resolve(), findings=findings), LANGUAGES, findings)
    return found, list(findings)


def test_entries_are_read_with_what_goes_without_saying(tmp_path: Path) -> None:
    found, findings = read(
        tmp_path,
        es='- written: "Danlí"\n  say: "dan  li"\n  voices: [gtts, espeak/es-419]\n'
        '- written: OIM\n  say: "o i eme"\n  full: "la Organización"\n'
        '- written: "Qʼij"\n  ipa: "qʼiχ"\n  note: "day"\n',
        quc='- written: "k\'o"\n  say: "ko"\n',
    )
    assert findings == []
    danli, oim, qij = found.own[LanguageTag("es")]
    assert (danli.say, danli.voices, danli.exact) == ("dan li", ("espeak/es-419", "gtts"), False)
    assert (oim.kind, oim.exact, oim.full, oim.line) == (
        WordKind.ACRONYM,
        True,
        ("la Organización",),
        4,
    )
    assert (qij.say, qij.ipa, qij.note) == ("", "qʼiχ", "day")
    assert found.own[LanguageTag("quc")][0].written == "kʼo"
    # a transcription alone changes nothing that is said
    assert found.spoken("Un Qʼij.", ES) == "Un Qʼij."


FAULTS = [
    ("es", "- written: A\n  say: 'x1'\n", "lexicon.words", 2),
    ("es", "- written: 'a b 3'\n  say: x\n", "lexicon.words", 1),
    ("es", "- written: a\n  say: '[[x]]'\n", "lexicon.words", 2),
    ("es", "- written: a\n  say: 'дом'\n", "lexicon.words", 2),
    ("es", "- written: a\n  say: '...'\n", "lexicon.words", 2),
    ("es", f"- written: a\n  say: '{'x' * 300}'\n", "lexicon.words", 2),
    ("es", "- say: x\n", "yaml.missing-key", 1),
    ("es", "- written: a\n\n  say: ''\n", "lexicon.empty", 3),
    ("es", "- written: a\n", "lexicon.empty", 1),
    ("es", "- written: a\n  say: x\n  voices: [sam]\n", "lexicon.voice", 3),
    ("es", "- written: a\n  say: x\n  voices: [gtts, gtts]\n", "yaml.twice", 3),
    ("es", "- written: a\n  say: x\n  kind: thing\n", "yaml.not-choice", 3),
    ("es", "- written: a\n  say: x\n  exact: maybe\n", "yaml.not-flag", 3),
    ("es", "- written: a\n  say: x\n  sya: y\n", "yaml.unknown-key", 3),
    ("es", "- written: a\n  ipa: '[[a]]'\n", "lexicon.ipa", 2),
    ("es", "- written: a\n  say: x\n- written: A\n  say: y\n", "lexicon.duplicate", 3),
    (
        "es",
        "- {written: a, say: x, voices: [gtts, espeak]}\n- {written: a, say: y, voices: [gtts]}\n",
        "lexicon.duplicate",
        2,
    ),
    ("es", "- written: Ocho\n  say: nueve\n", "lexicon.number", 1),
    ("es", "- written: treinta y uno\n  say: dos\n", "lexicon.number", 1),
    ("es", "- {written: enero, say: febrero, voices: [gtts]}\n", "lexicon.number", 1),
    ("en", "- written: twenty-one\n  say: two\n", "lexicon.number", 1),
    ("es", "- [a, b]\n", "lexicon.not-list", 1),
    ("es", "a: b\n", "lexicon.not-list", 1),
    ("es", "- written: &a b\n  say: *a\n", "yaml.anchor", 1),
    ("es", "- written: a\n  written: b\n  say: x\n", "yaml.duplicate-key", 2),
    ("es", "", "yaml.empty", 0),
    ("es", "- {written: a, say: b}\n" * (MOST_ENTRIES + 1), "lexicon.size", MOST_ENTRIES + 1),
    ("xx", "- written: a\n  say: x\n", "language.unknown", 0),
    ("spanish", "- written: a\n  say: x\n", "language.malformed", 0),
    ("fr", "- written: a\n  say: x\n", "language.unused", 0),
    ("es_MX", "- written: a\n  say: x\n", "language.other-form", 0),
    ("ES", "- written: a\n  say: x\n", "language.case", 0),
]


@pytest.mark.parametrize(("name", "text", "rule", "line"), FAULTS)
def test_each_fault_is_found_once_at_its_line(
    tmp_path: Path, name: str, text: str, rule: str, line: int
) -> None:
    _, findings = read(tmp_path, **{name: text})
    file = f"lexicon/{name.replace('_', '-')}.yml"
    assert (rule, file, line) in [(f.rule, f.file, f.line) for f in findings]
    assert len({f.rule for f in findings if not f.rule.startswith("yaml.alias")}) == 1
    assert all(f.remedy for f in findings)


@pytest.mark.parametrize("written", ["Nueve de Octubre", "Los Ochomil", "DOS"])
def test_a_name_with_a_number_in_it_is_a_name(tmp_path: Path, written: str) -> None:
    _, findings = read(tmp_path, es=f'- written: "{written}"\n  say: "equis"\n  exact: yes\n')
    assert findings == []


def test_every_fault_of_a_file_is_reported_and_sound_entries_stay(tmp_path: Path) -> None:
    found, findings = read(
        tmp_path, es="- {written: a, say: '1'}\n- {written: b, say: x}\n- {written: c}\n"
    )
    assert [(f.rule, f.line) for f in findings] == [("lexicon.words", 1), ("lexicon.empty", 3)]
    assert [one.written for one in found.own[LanguageTag("es")]] == ["b"]


def test_the_digest_is_that_of_the_files_and_the_style_follows_it(tmp_path: Path) -> None:
    empty = Findings()
    tree = Tree(root=tmp_path.resolve(), findings=empty)
    assert read_house_style(tree, languages=LANGUAGES, findings=empty) is built_in_style()
    first, _ = read(tmp_path, es="- {written: a, say: b}\n")
    again, _ = read(tmp_path)
    assert first == again
    style = read_house_style(tree, languages=LANGUAGES, findings=empty)
    other, _ = read(tmp_path, es="- {written: a, say: c}\n")
    assert first.digest != other.digest != Lexicon().digest
    assert read_house_style(tree, languages=LANGUAGES, findings=empty).digest != style.digest
    assert list(empty) == []


def test_a_lexicon_that_leads_out_of_the_workspace_is_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yml"
    outside.write_text("- {written: a, say: b}\n", encoding="utf-8")
    inside = tmp_path / "workspace"
    (inside / "lexicon").mkdir(parents=True)
    (inside / "lexicon/es.yml").symlink_to(outside)
    found, findings = read(inside)
    assert not found.own
    assert [f.rule for f in findings] == ["file.escape"]
