"""Cut ``mmlearn-cjk.otf`` out of Noto Sans CJK: ``python make_font.py NotoSansCJK-Regular.ttc``.

The Simplified Chinese face of version 2.004 (Debian: package fonts-noto-cjk), without hinting and layout tables, with

- the 3755 frequent characters of the national standard GB 2312 (its rows 16 to 55), and its signs (rows 1 to 3);
- what the workbook itself writes, and `EXTRA`.

The same Noto gives the same bytes. The licence asks derived fonts to keep it (``OFL.txt``); it reserves no name, but
Noto is a trademark, so the result is called otherwise.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FAMILY = "mmlearn CJK"
FACE = "NotoSansCJKsc-Regular"
# Words of this subject and given names of today that the standard of 1980 did not count as frequent.
EXTRA = (
    "熵阈馈鲁棒诶婷琪昊妍璐萱璇玥珏玮琛瑾璟晖晟昱昕晗曦睿泓淇湉炜"
    "烨焱煜熠琦琰瑜芊蕾茜莹菲芮葳祺祎翊翔奕屹峥嵘骞骏铭钰锟闵圳晏邹"
)


def standard() -> set[str]:
    """Return the signs and the frequent characters of GB 2312."""
    rows = [*range(1, 4), *range(16, 56)]
    cells = bytes(byte for row in rows for cell in range(1, 95) for byte in (row + 160, cell + 160))
    return set(cells.decode("gb2312", errors="ignore"))


def of_the_workbook() -> set[str]:
    """Return every Chinese character that the library, the notebooks and the data on people write."""
    sources = [ROOT / "mmlearn_edu", ROOT / "notebooks" / "source", ROOT / "datasets" / "people"]
    files = [path for folder in sources for end in ("py", "csv", "json", "md") for path in folder.rglob(f"*.{end}")]
    letters = {letter for path in files for letter in path.read_text(encoding="utf-8")}
    return {letter for letter in letters if letter >= "一" and letter.encode("gbk", errors="ignore")}


def cut(collection: Path) -> TTFont:
    """Return the font with those characters only, under its own name."""
    faces = TTCollection(collection, recalcTimestamp=False).fonts
    font = next(face for face in faces if face["name"].getDebugName(6) == FACE)
    options = Options(hinting=False, layout_features=[], name_IDs=["*"], name_languages=[0x409], recalc_timestamp=False)
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(standard() | of_the_workbook() | set(EXTRA))))
    subsetter.subset(font)
    return renamed(font)


def renamed(font: TTFont) -> TTFont:
    """Put `FAMILY` wherever the font says its name."""
    plain = FAMILY.replace(" ", "") + "-Regular"
    for number, name in {1: FAMILY, 3: plain, 4: FAMILY, 6: plain}.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [plain]
    outlines[0].rawDict.update(FullName=FAMILY, FamilyName=FAMILY)
    return font


if __name__ == "__main__":
    cut(Path(sys.argv[1])).save(HERE / "mmlearn-cjk.otf")
