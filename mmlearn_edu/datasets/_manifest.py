"""The table that lists a learner's own files."""

import csv
import re
from collections import Counter
from difflib import get_close_matches
from pathlib import Path

__all__ = ["MANIFEST", "MODALITIES", "Problem", "Table", "read_manifest"]

MANIFEST = "manifest.csv"
MODALITIES = ("image", "audio", "text", "clip")

Problem = tuple[int, str]  # row as a spreadsheet counts it, and words
Table = dict[int, dict[str, str]]  # row -> column -> cell


def read_manifest(folder: Path) -> tuple[Table, list[Problem]]:
    """Return the cells by row and column, row 1 being the header, and what is wrong with single rows.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If there is no such folder, or no manifest in it.
    ValueError
        If the manifest is no UTF-8 CSV, has an unknown, doubled or no column, or no rows.
    """
    header, *rows = _lines(folder)
    columns = [name.strip() for name in header]
    _check_columns(columns)
    table: Table = {}
    problems: list[Problem] = []
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue  # spreadsheets leave such rows behind
        if len(cells) != len(columns):
            words = f"{len(cells)} cells, but the header has {len(columns)}; put quotes around a text with a comma"
            problems.append((number, words))
            continue
        table[number] = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
        problems += [(number, words) for words in _gaps(table[number])]
    if table:
        empty = [name for name in columns if name in MODALITIES and not any(row[name] for row in table.values())]
        problems += [(1, f"{name} is empty in every row; delete the column, or fill it") for name in empty]
    if not table and not problems:
        raise ValueError(f"{MANIFEST} has a header but no rows; add one row per sample")
    return table, problems


def _lines(folder: Path) -> list[list[str]]:
    path = folder / MANIFEST
    if not folder.exists():
        raise FileNotFoundError(f"there is no folder {str(folder)!r}; looked from {str(Path.cwd())!r}")
    if not folder.is_dir():
        raise NotADirectoryError(f"{str(folder)!r} is a file; give the folder that holds {MANIFEST}")
    if not path.is_file():
        raise FileNotFoundError(
            f"{str(folder)!r} has no {MANIFEST}; write one with a header such as 'image,text,target' "
            "and one row per sample"
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        raise ValueError(f"{MANIFEST} is not UTF-8 ({error.reason}); save it again as 'CSV UTF-8'") from error
    except csv.Error as error:
        raise ValueError(f"{MANIFEST} is no proper CSV ({error}); is a quotation mark left open?") from error
    if not lines:
        raise ValueError(f"{MANIFEST} is empty; its first row names the columns, such as 'image,text,target'")
    return lines


def _check_columns(columns: list[str]) -> None:
    known = (*MODALITIES, "target", "group")
    complaints = [f"column {name!r} comes {n} times" for name, n in Counter(columns).items() if n > 1]
    for name in columns:
        if name not in known and not re.fullmatch("group_(?!group$).+", name):
            near = get_close_matches(name, known, n=1)
            complaints.append(f"unknown column {name!r}" + (f", did you mean {near[0]!r}?" if near else ""))
    if not set(columns) & set(MODALITIES):
        complaints.append("no modality")
    if complaints:
        separator = " Separate cells by commas, not semicolons or tabs." if set(columns[0]) & set(";\t") else ""
        raise ValueError(
            f"the header of {MANIFEST} has {'; '.join(complaints)}. Expected one or more of {', '.join(MODALITIES)}, "
            f"and if you like target, group, group_<name>.{separator}"
        )


def _gaps(cells: dict[str, str]) -> list[str]:
    """Tell what a row must not leave empty: a modality may be missing, but not all of them."""
    empty = [name for name, cell in cells.items() if not cell]
    words = [f"{name} is empty; every sample needs one" for name in empty if name not in MODALITIES]
    if not any(cells.get(name) for name in MODALITIES):
        words.append("every modality is empty; fill one or delete the row")
    return words
