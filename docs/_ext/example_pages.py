"""Write one page per example: what it found, from docs/examples/RESULTS.md, and its script."""

import ast
import re
from pathlib import Path

INTRODUCTION = """Figures that were published, and what we find: run them with ``make examples``. Every table is the
mean over five seeds with Student's 95 % interval; why a figure differs is said at the top of the script.
"""


def write_pages(app):
    folder = Path(app.srcdir) / "examples"
    scripts = {path.stem: path for path in sorted(folder.glob("*.py")) if path.stem != "run"}
    found = sections((folder / "RESULTS.md").read_text(encoding="utf-8"))
    pages = {name: page(name, path, found.get(name, "")) for name, path in scripts.items()}
    toctree = ".. toctree::\n   :maxdepth: 1\n\n" + "".join(f"   {name}\n" for name in scripts)
    pages["index"] = heading("Examples: the published figure beside ours") + INTRODUCTION + "\n" + toctree
    for stale in {path.stem for path in folder.glob("*.rst")} - set(pages):
        (folder / f"{stale}.rst").unlink()
    for name, text in pages.items():
        (folder / f"{name}.rst").write_text(text, encoding="utf-8")


def heading(text):
    return f"{text}\n{'=' * len(text)}\n\n"


def page(name, path, section):
    summary = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).splitlines()[0]
    script = f".. literalinclude:: {name}.py\n   :language: python\n"
    return heading(name) + f"{summary}\n\n" + (table(section) or "Not run yet.\n\n") + script


def sections(text):
    return {part.split("\n", 1)[0]: part for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]}


def table(section):
    """Turn the table of a section, and the line of conditions under it, into reStructuredText."""
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    if not rows:
        return ""
    head, _, *body = rows
    text = ".. list-table::\n   :header-rows: 1\n\n"
    for cells in [head, *body]:
        cells = [r"\-" if cell == "-" else cell for cell in cells]  # alone it would begin a list
        text += "".join(f"   {'* -' if i == 0 else '  -'} {cell}\n" for i, cell in enumerate(cells))
    return f"{text}\n{section.strip().splitlines()[-1]}.\n\n"


def setup(app):
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True}
