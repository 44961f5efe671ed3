#!/bin/sh
# Write requirements/{build,runtime,test}.txt from pyproject.toml: every package that an install
# can meet, for every supported Python and platform, with the hashes of its files.
#
#   make lock               keeps what is locked where pyproject.toml still allows it
#   make lock UPGRADE=1     takes the newest of everything
#
# Needs uv (UV=path names it). The address of the index comes from uv's own settings and is
# not written: whoever installs may have another one, and the hashes are what we trust.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-uv}
python=${PYTHON:-.venv/bin/python}
command -v "$uv" >/dev/null 2>&1 || {
    echo "make lock needs uv; install it, or name it: make lock UV=path/to/uv" >&2
    exit 1
}

lock() { # source, lock file, further options
    source=$1 out=$2
    shift 2
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header ${UPGRADE:+--upgrade} "$@" \
        --output-file "$out" "$source" >/dev/null
    echo "$out: $(grep -c '^[a-z0-9]' "$out") packages"
}

# bagit, which judges packs in the tests, comes as source only and takes its version from setuptools-scm.
"$python" -c '
import pathlib, tomllib
table = tomllib.loads(pathlib.Path("pyproject.toml").read_text(encoding="utf-8"))
print("\n".join([*table["build-system"]["requires"], "setuptools-scm>=8"]))' | lock - requirements/build.txt
lock pyproject.toml requirements/runtime.txt
lock pyproject.toml requirements/test.txt --extra test
