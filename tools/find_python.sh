#!/bin/sh
# Print the first Python that can make Altavoz's environment.
#
#   find_python.sh                   python3, then 3.13, 3.12, 3.11
#   find_python.sh 3.13 3.12         only these versions, in this order
#   PYTHON=/path find_python.sh      that one, or a message why not
#
# A name on PATH is not enough: a version manager's stand-in may refuse to run, and some
# systems keep venv in a package of its own. So each candidate has to show that it works.
set -eu

suitable='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

works() {
    "$1" -c "$suitable" >/dev/null 2>&1
}

if [ $# -eq 0 ] && [ -n "${PYTHON:-}" ]; then
    works "$PYTHON" && echo "$PYTHON" && exit 0
    echo "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13 with its venv module." >&2
    exit 1
fi

if [ $# -eq 0 ]; then
    works python3 && echo python3 && exit 0
    set -- 3.13 3.12 3.11
fi
for version in "$@"; do
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3; do
        works "$candidate" && echo "$candidate" && exit 0
    done
done
echo "No Python of version $* with its venv module was found." >&2
echo "  Install one (Debian, Ubuntu: apt-get install python3-venv; macOS: brew install python@3.13)," >&2
echo "  or name it: make PYTHON=/path/to/python3.13" >&2
exit 1
