"""YAML files, for readers that most commands do not need: PyYAML is loaded with the first file.

A command that finds everything kept, as after one changed line, reads no YAML at all.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.findings import Findings
    from scripts.nodes import Node, Table


def read_table(path: Path | str, *, file: str, findings: "Findings") -> "Table | None":
    """Give the keys and values of a YAML file, as ``yaml_text.read_table`` does."""
    from scripts import yaml_text

    return yaml_text.read_table(path, file=file, findings=findings)


def parse_yaml(text: str, *, file: str, findings: "Findings") -> "Node | None":
    """Give what YAML text holds, as ``yaml_text.parse_yaml`` does."""
    from scripts import yaml_text

    return yaml_text.parse_yaml(text, file=file, findings=findings)
