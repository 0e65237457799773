"""Read a chapter: ``notebooks/source/NN_slug.py`` (jupytext percent format) -> checked cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from mmlearn_edu.authoring.errors import SourceError

__all__ = ["SourceCell", "chapter_of", "read_source", "source_path"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG = 64  # the notebook format allows no longer cell id
_KNOWN = {"slug", "exercise", "tags", "hide"}
_OWN_TAGS = {"solution-only"}
_LAYOUT = {"cell_marker", "lines_to_next_cell", "lines_to_end_of_cell_marker"}  # jupytext's notes on white space
_EXAMPLE = 'write for instance `# %% slug="center-the-cloud" tags=["gpu-optional"]`'


@dataclass(frozen=True)
class SourceCell:
    """One cell as its author wrote it."""

    slug: str
    kind: str  # "markdown", "code" or "raw"
    source: str
    exercise: str | None = None
    tags: tuple[str, ...] = ()
    hide: str | None = None  # "learner" or "solution": the notebook it is left out of

    def shown_in(self, kind: str) -> bool:
        """Say whether the notebook of `kind`, "learner" or "solution", has this cell."""
        return self.hide != kind and not (kind == "learner" and "solution-only" in self.tags)

    @property
    def public_tags(self) -> list[str]:
        """Tags that stay in the notebook."""
        return [tag for tag in self.tags if tag not in _OWN_TAGS]


def chapter_of(path: Path) -> str:
    """Return the chapter a source file holds: ``08_pca.py`` -> ``08-pca``."""
    return path.stem.replace("_", "-")


def source_path(chapter: str, folder: Path) -> Path:
    """Return where the chapter is written: ``08-pca`` -> ``folder/08_pca.py``."""
    return folder / f"{chapter.replace('-', '_')}.py"


def read_source(path: Path) -> list[SourceCell]:
    """Return the cells of a chapter, in order.

    Raises
    ------
    SourceError
        If a cell has no slug, a slug stands twice, or the metadata on a cell marker cannot be read.
    """
    text = _text(path)
    try:
        found = jupytext.reads(text, fmt="py:percent").cells
    except nbformat.ValidationError as error:
        words = f"{'.'.join(map(str, error.relative_path))}: {error.message}"
        raise SourceError(f"{path.name}: a cell marker says what no notebook may hold ({words}); {_EXAMPLE}") from None
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("# %%")]
    if len(found) != len(lines) or not lines:
        raise SourceError(f"{path.name}: text stands before the first `# %%` marker, or no cell does; {_EXAMPLE}")
    cells = [
        _cell(raw.cell_type, raw.source, raw.metadata, f"{path.name}, line {line}")
        for raw, line in zip(found, lines, strict=True)
    ]
    _refuse_twins(cells, lines, path.name)
    return cells


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name}: byte {error.start} is no UTF-8; save the file as UTF-8") from None


def _cell(kind: str, source: str, metadata: Mapping[str, Any], where: str) -> SourceCell:
    _check_marker(metadata, where)
    exercise = metadata.get("exercise")
    if exercise is not None and (kind != "code" or source.strip()):
        raise SourceError(
            f"{where}: the cell of exercise {exercise!r} must be an empty code cell, found a {kind} cell with "
            f"{len(source.split())} words; the build writes the stub and the check into it"
        )
    return SourceCell(metadata["slug"], kind, source, exercise, tuple(metadata.get("tags", ())), metadata.get("hide"))


def _check_marker(metadata: Mapping[str, Any], where: str) -> None:
    if "incorrectly_encoded_metadata" in metadata:
        raise SourceError(
            f"{where}: cannot read {metadata['incorrectly_encoded_metadata']!r} on the marker; {_EXAMPLE}"
        )
    unknown = sorted(set(metadata) - _KNOWN - _LAYOUT)
    if unknown:
        raise SourceError(f"{where}: unknown metadata {', '.join(unknown)}; known: {', '.join(sorted(_KNOWN))}")
    slug, tags, hide = metadata.get("slug"), metadata.get("tags", []), metadata.get("hide", "learner")
    if slug is None:
        raise SourceError(f"{where}: this cell has no slug; {_EXAMPLE}")
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        raise SourceError(f"{where}: slug {slug!r} must be small letters, digits and single hyphens, 64 at most")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise SourceError(f'{where}: tags must be a list of strings, got {tags!r}; write tags=["gpu-optional"]')
    if hide not in ("learner", "solution"):
        raise SourceError(f'{where}: hide={hide!r} names no notebook; write hide="learner" or hide="solution"')


def _refuse_twins(cells: list[SourceCell], lines: list[int], name: str) -> None:
    first: dict[str, int] = {}
    for cell, line in zip(cells, lines, strict=True):
        if cell.slug in first:
            raise SourceError(
                f"{name}, line {line}: slug {cell.slug!r} already names the cell on line {first[cell.slug]}; "
                "slugs become cell ids, so give one of the two another"
            )
        first[cell.slug] = line
