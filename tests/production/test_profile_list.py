"""The list of profiles, printed and written: the page must say what the data says."""

import re
from pathlib import Path

import pytest

from production.profile_list import profile_lines, profile_table, profiles_report
from programme.profiles import profiles
from tests.production.running import ROOT, run_here

PAGE = (ROOT / "docs/profiles.md").read_text(encoding="utf-8")


def rows_of_the_page() -> list[list[str]]:
    table = PAGE[PAGE.index("\n|") + 1 :].partition("\n\n")[0]  # the first of the page
    lines = table.splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_page_has_every_format_of_every_profile_with_its_figures() -> None:
    found, name = [], ""
    for profile, _, loudness, form, file, minute in rows_of_the_page():
        name = profile.strip("`") or name
        figures = re.fullmatch(r"(-\d+) LUFS, (-\d+) dBTP", loudness)
        if profile:
            assert figures
            wanted = profiles()[name]
            assert float(figures[1]) == wanted.loudness_lufs
            assert float(figures[2]) == wanted.max_dbtp
        found.append((name, form.strip("`"), minute, "on demand" in file))
    data = [
        (one.id, spec.id, minute, spec.on_demand)
        for one in profiles().values()
        for spec, minute in zip(one.renditions, minutes(one.id), strict=True)
    ]
    assert found == data


def minutes(profile: str) -> list[str]:
    """Give the sizes that the command prints for a profile."""
    name, sizes = "", []
    for row in profile_table().plain():
        name = row["profile"] or name
        if name == profile:
            sizes.append(row["a minute"])
    return sizes


def test_the_page_names_exactly_the_profiles_of_which_a_feed_can_be_made() -> None:
    said = re.search(r"a feed can also be made of (.*?), but not of (.*?)\.", PAGE, re.DOTALL)
    assert said
    yes, no = (set(re.findall(r"`([a-z-]+)`", part)) for part in said.groups())
    assert yes | {"podcast"} == {one.id for one in profiles().values() if one.has_feed_sound}
    assert no == {one.id for one in profiles().values() if not one.has_feed_sound}


def test_the_command_lists_every_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_here("profiles", capture=capsys)
    assert done.code == 0
    for line in profile_lines():
        assert line in done.out
    assert "8.6 MB" in done.out
    assert max(len(line) for line in done.out.splitlines()) <= 110


def test_programs_get_every_figure() -> None:
    broadcast = next(one for one in profiles_report() if one["id"] == "broadcast")
    assert broadcast["loudness_lufs"] == -23.0
    forms = broadcast["formats"]
    assert isinstance(forms, list)
    assert [form["id"] for form in forms] == ["mp3-128", "bwf"]
    assert forms[1]["bits"] == 24
    assert not forms[1]["feed"]
