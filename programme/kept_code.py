"""What templates of the program were compiled to, kept as Python keeps its own modules.

It lies in ``__pycache__`` beside the templates, see ``programme.tables``: whoever can write there
can write the program itself. Compiling a page takes longer than filling it in.
"""

import hashlib
import marshal
from base64 import b64decode, b64encode
from collections.abc import Callable
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

from programme.tables import read_made


def kept_code(file: Path, *, follows_from: bytes, make: Callable[[], CodeType]) -> CodeType:
    """Give code that was compiled before of the same, or is compiled now.

    Args:
        file: as ``programme.tables.package_file`` names it; beside it the code is kept. It need
            not be there itself.
        follows_from: all that decides the code besides this Python.
        make: compiles it.
    """
    made = read_made(
        file,
        follows_from=hashlib.blake2b(MAGIC_NUMBER + follows_from).hexdigest(),
        make=lambda: b64encode(marshal.dumps(make())).decode("ascii"),
    )
    code: CodeType = marshal.loads(b64decode(made))  # noqa: S302 - as Python reads its own
    return code
