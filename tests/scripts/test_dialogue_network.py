"""Speakers in altavoz.toml: labels, voices, and who says nothing."""

from pathlib import Path

import pytest

from programme.findings import Finding
from programme.network import Network
from programme.units import LanguageTag
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import ES, NETWORK, TODAY, write_workspace

LA = LanguageTag("es-419")


def network(root: Path, more: str, **files: str) -> tuple[Network | None, list[Finding]]:
    texts = {f"scripts/asilo/{name.replace('_', '-')}.md": text for name, text in files.items()}
    write_workspace(root, {"altavoz.toml": NETWORK + more, **texts})
    workspace, findings = read_workspace(root, today=TODAY)
    own = [f for f in findings if f.rule.startswith("speaker") or f.file == "altavoz.toml"]
    return workspace.network if workspace else None, own


def test_a_label_of_a_language_holds_for_every_region_of_it(tmp_path: Path) -> None:
    found, _ = network(tmp_path, '[speakers]\nhost = { es = "LOCUTORA", en = "PRESENTER" }\n')
    assert found is not None
    assert found.speakers["host"].label(LA) == "LOCUTORA"
    assert found.speakers["host"].label(LanguageTag("en")) == "PRESENTER"
    assert found.speakers["host"].label(LanguageTag("fr")) == ""


def test_a_label_of_a_region_goes_before_that_of_the_language(tmp_path: Path) -> None:
    found, _ = network(tmp_path, '[speakers]\nhost = { es = "LOCUTORA", es-419 = "CONDUCTORA" }\n')
    assert found is not None
    assert found.speakers["host"].label(LA) == "CONDUCTORA"


@pytest.mark.parametrize("key", ["voice2", '"VOZ 2"', "'VOZ 2'"])
def test_a_voice_is_given_to_a_speaker_by_id_or_by_label(tmp_path: Path, key: str) -> None:
    more = f"""
[speakers]
voice2 = {{ es = "VOZ 2" }}

[voices.es-419.speakers]
{key} = {{ name = "es-419+m3" }}
"""
    found, _ = network(tmp_path, more)
    assert found is not None
    voice = found.voices[LA].speakers["voice2"]
    assert (voice.engine, voice.name, voice.accept_draft) == ("espeak", "es-419+m3", False)


def test_a_speaker_is_spoken_by_the_engine_of_the_language_unless_it_names_one(
    tmp_path: Path,
) -> None:
    more = """
[speakers]
one = { es = "VOZ 1" }
two = { es = "VOZ 2" }

[voices.es-419]
engine = "piper"
name = "es_MX-claude-high"

[voices.es-419.speakers]
one = { name = "es_MX-ald-medium", accept_draft = true }
two = { engine = "espeak", name = "es-419+f3" }
"""
    found, _ = network(tmp_path, more)
    assert found is not None
    voices = found.voices[LA].speakers
    assert (voices["one"].engine, voices["one"].accept_draft) == ("piper", True)
    assert voices["two"].engine == "espeak"


@pytest.mark.parametrize(
    ("more", "rule", "severity"),
    [
        ('[speakers]\nuno = { es = "voz 2" }', "speaker.label", "error"),
        ('[speakers]\nuno = { es = "VOZ: 2" }', "speaker.label", "error"),
        ('[speakers]\nuno = { es = "2 VOZ" }', "speaker.label", "error"),
        ('[speakers]\nuno = { es = "ATENCIÓN" }', "speaker.label", "error"),
        ('[speakers]\nuno = { es = "UNA VOZ QUE HABLA MUCHO" }', "speaker.label", "error"),
        ('[speakers]\nuno = { es = "VOZ" }\ndos = { es = "VOZ" }', "speaker.label", "error"),
        ('[speakers]\nuno = { es = "DON JUAN" }', "speaker.name", "warning"),
        ('[speakers]\nuno = "VOZ"', "toml.not-table", "error"),
        ("[speakers]\nuno = 3", "toml.not-text", "error"),
        ("[speakers]\nuno = {}", "speaker.label", "error"),
        ('[speakers]\nUno = { es = "VOZ" }', "toml.not-id", "error"),
        ('[speakers]\nuno = { xx = "VOZ" }', "language.unknown", "error"),
        ('[voices.es-419.speakers]\nuno = { name = "es" }', "speaker.unknown", "error"),
    ],
)
def test_each_fault_is_told_with_its_rule(
    tmp_path: Path, more: str, rule: str, severity: str
) -> None:
    _, findings = network(tmp_path, more + "\n")
    found = [(f.rule, f.severity.value) for f in findings if f.rule != "speaker.unused"]
    assert found == [(rule, severity)]


def test_a_speaker_who_says_nothing_is_told_and_one_who_speaks_is_not(tmp_path: Path) -> None:
    more = '[speakers]\nuno = { es = "VOZ 1" }\ndos = { es = "VOZ 2" }\n'
    _, findings = network(tmp_path, more, es_419=ES.replace("Llame", "VOZ 2: Llame"))
    unused = [f for f in findings if f.rule == "speaker.unused"]
    assert [(f.line, f.severity.value, f.problem.split()[0]) for f in unused] == [
        (21, "info", "uno")
    ]


def test_a_new_label_is_seen_although_the_text_was_checked_before(tmp_path: Path) -> None:
    text = ES.replace("Llame", "VOZ 2: Llame")
    write_workspace(tmp_path, {"scripts/asilo/es-419.md": text})
    for _ in range(2):
        _, findings = read_workspace(tmp_path, today=TODAY, keep=True)
        assert "speaker.unknown" in {f.rule for f in findings}
    toml = tmp_path / "altavoz.toml"
    toml.write_text(NETWORK + '[speakers]\ndos = { es = "VOZ 2" }\n', "utf-8")
    workspace, findings = read_workspace(tmp_path, today=TODAY, keep=True)
    assert "speaker.unknown" not in {f.rule for f in findings}
    assert workspace is not None
    script = workspace.translations["asilo", LA].script
    assert script is not None
    assert [one.speaker for one in script.sentences] == ["", "", "dos"]
