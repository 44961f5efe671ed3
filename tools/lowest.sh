#!/bin/sh
# Run the tests with the oldest libraries that pyproject.toml allows, on the oldest Python:
# a lower bound that nobody tried is a guess. Needs uv (UV=path names it).
#
#   make lowest                          the whole suite but its slow part
#   make lowest ARGS="tests/feeds -x"    what pytest is given
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-uv}
venv=.venv-lowest
command -v "$uv" >/dev/null 2>&1 || {
    echo "make lowest needs uv; install it, or name it: make lowest UV=path/to/uv" >&2
    exit 1
}
python=$(sh tools/find_python.sh 3.11)
rm -rf "$venv"
"$python" -m venv "$venv"
lowest="$venv/lowest.txt"
"$uv" pip compile --quiet --python "$python" --resolution lowest-direct --no-header \
    --no-annotate --output-file "$lowest" pyproject.toml >/dev/null
cat "$lowest"
"$uv" pip install --quiet --python "$venv/bin/python" -r requirements/build.txt
"$uv" pip install --quiet --python "$venv/bin/python" --no-build-isolation -r "$lowest"
# The tests' own tools are as new as may be: only Altavoz's libraries are old.
"$python" -c '
import pathlib, tomllib
table = tomllib.loads(pathlib.Path("pyproject.toml").read_text(encoding="utf-8"))
print("\n".join(table["project"]["optional-dependencies"]["test"]))' >"$venv/test.txt"
"$uv" pip install --quiet --python "$venv/bin/python" -c "$lowest" -r "$venv/test.txt"
# shellcheck disable=SC2086
"$venv/bin/python" -m pytest -q -p no:cacheprovider --ignore tests/house ${ARGS:-}
