"""Make the fonts of production/fonts from those of Debian's fonts-noto-core and fonts-noto-cjk.

Not part of Altavoz: run by hand, in an environment of its own, when a script is added.

    python -m venv .venv-fonts && .venv-fonts/bin/pip install fonttools
    .venv-fonts/bin/python tools/make_fonts.py /usr/share/fonts

Hints for screens of the past are left out, which halves the files: pictures are drawn without.
Chinese, Japanese and Korean fonts are as large as the rest of Altavoz together: of them only the
signs are kept in which the languages' own names are written.
"""

import argparse
import tomllib
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found, unused-ignore]
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-not-found, unused-ignore]

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "production" / "fonts"
BOLD = (
    "Armenian", "Bengali", "CanadianAboriginal", "Devanagari", "Ethiopic", "Georgian", "Gujarati",
    "Gurmukhi", "Hebrew", "Khmer", "Lao", "Myanmar", "Sinhala", "Tamil", "Telugu", "Thaana",
    "Thai",
)  # fmt: skip
REGULAR = ("Tifinagh",)
"""There is no bold one."""
EAST = {"SC": ("zh", "cmn"), "TC": ("zh-TW",), "HK": ("zh-HK", "yue"), "JP": ("ja",), "KR": ("ko",)}
"""Face of the collection, by the forms that its signs have, to the languages written in them."""


def letters(tags: tuple[str, ...]) -> str:
    """Give the signs of the languages' own names, and of the regions that stand behind them."""
    rows = tomllib.loads((ROOT / "programme" / "languages.toml").read_text(encoding="utf-8"))
    regions = rows.pop("regions")
    names = [rows[tag]["own"] for tag in tags]
    names += [names.get(tag, "") for names in regions.values() for tag in tags]
    return "".join(names)


def make(font: TTFont, out: Path, *, keep: str | None) -> None:
    """Write a font without hints, with some of its letters or with all."""
    options = subset.Options(
        hinting=False, glyph_names=False, notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        layout_features=["*"], drop_tables=["DSIG", "vhea", "vmtx", "VORG", "BASE"],
    )  # fmt: skip
    font.recalcTimestamp = False
    subsetter = subset.Subsetter(options)
    if keep is None:
        subsetter.populate(unicodes=font.getBestCmap())
    else:
        subsetter.populate(text=keep)
    subsetter.subset(font)
    font.save(out)


def main() -> None:
    """Make every font."""
    parser = argparse.ArgumentParser(description="Make the fonts that pictures are drawn with.")
    parser.add_argument("fonts", type=Path, help="folder with truetype/noto and opentype/noto")
    place = parser.parse_args().fonts
    for name, weight in (*((n, "Bold") for n in BOLD), *((n, "Regular") for n in REGULAR)):
        file = f"NotoSans{name}-{weight}.ttf"
        make(TTFont(place / "truetype" / "noto" / file), FONTS / file, keep=None)
    faces = TTCollection(place / "opentype" / "noto" / "NotoSansCJK-Bold.ttc").fonts
    for form, tags in EAST.items():
        font = next(
            f for f in faces if f["name"].getDebugName(1).startswith(f"Noto Sans CJK {form}")
        )
        make(font, FONTS / f"NotoSans{form}Names-Bold.otf", keep=letters(tags))


if __name__ == "__main__":
    main()
