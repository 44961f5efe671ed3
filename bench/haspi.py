"""Judge what bench/intelligibility.py --mixes wrote with HASPI version 2, by hand.

    python bench/haspi.py FOLDER

Needs an environment of its own with pyclarity, numpy, scipy, numba and llvmlite; the torch
that pyclarity asks for is not used here (``pip install --no-deps pyclarity``). HASPI (Kates
and Arehart 2021) models the ear of a listener with normal hearing; it was fitted to English.
One file takes about 1.5 times its length, so only the first eight seconds of each are judged.
"""

import importlib
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

SECONDS = 8


def main(folder: Path) -> int:
    """Print each file's HASPI, and the mean by words, noise and master."""
    judge = importlib.import_module("clarity.evaluator.haspi").haspi_v2
    audiogram = importlib.import_module("clarity.utils.audiogram")
    hearing = audiogram.Audiogram(
        levels=np.zeros(6), frequencies=np.array([250, 500, 1000, 2000, 4000, 6000])
    )
    found = defaultdict(list)
    for path in sorted(folder.glob("*.npz")):
        kept = np.load(path)
        rate = float(kept["rate"])
        most = round(SECONDS * rate)
        # The model of the ear adds a noise of its own.
        np.random.seed(0)
        value = float(judge(kept["clean"][:most], rate, kept["heard"][:most], rate, hearing)[0])
        print(f"{path.stem}: {value:.3f}", flush=True)
        words, _, _, noise, who = path.stem.split(".")
        found[words, noise, who].append(value)
    for (words, noise, who), values in found.items():
        print(f"{words}, {noise}, {who}: mean {np.mean(values):.3f} of {len(values)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
