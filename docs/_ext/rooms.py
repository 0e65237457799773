"""Write one page per public name and one per room, from the docstrings and from the notebooks that use them."""

import inspect
import re
import tomllib
from importlib import import_module
from pathlib import Path

from mmlearn_edu._resources import resource
from mmlearn_edu.authoring.usage import public_names, used_in


def write_pages(app):
    folder = Path(app.srcdir) / "api"
    users = used_in(resource("notebooks", "source"))
    promises = tomllib.loads((Path(app.srcdir) / "not_yet.toml").read_text(encoding="utf-8"))
    planned = {name: chapter for chapter, names in promises.items() for name in names}
    pages = {"index": index(public_names())}
    for room, names in public_names().items():
        pages[room] = room_page(room, names)
        for name in names:
            pages[f"{room}.{name}"] = name_page(room, name, users, planned)
    folder.mkdir(exist_ok=True)
    for stale in {path.stem for path in folder.glob("*.rst")} - set(pages):
        (folder / f"{stale}.rst").unlink()
    for page, text in pages.items():
        path = folder / f"{page}.rst"
        if not path.exists() or path.read_text(encoding="utf-8") != text:  # an untouched page is not built again
            path.write_text(text, encoding="utf-8")


def heading(text):
    return f"{text}\n{'=' * len(text)}\n\n"


def listing(things):
    """Lay out things by name in a table with their summaries, and in the side bar."""
    rows = "".join(f"   * - :doc:`{name} <{page}>`\n     - {summary(thing)}\n" for name, page, thing in things)
    entries = "".join(f"   {name} <{page}>\n" for name, page, _ in things)
    return f".. list-table::\n   :widths: 1 2\n\n{rows}\n.. toctree::\n   :hidden:\n\n{entries}"


def index(rooms):
    return heading("The library, room by room") + listing(
        [(room, room, import_module(f"mmlearn_edu.{room}")) for room in rooms]
    )


def room_page(room, names):
    module = import_module(f"mmlearn_edu.{room}")
    things = [(name, f"{room}.{name}", getattr(module, name)) for name in names]
    return f"{heading(room)}{inspect.getdoc(module)}\n\n{listing(things)}"


def name_page(room, name, users, planned):
    thing = getattr(import_module(f"mmlearn_edu.{room}"), name)
    full = f"mmlearn_edu.{room}.{name}"
    kind = "autoclass" if inspect.isclass(thing) else "autofunction" if inspect.isfunction(thing) else "autodata"
    members = "\n   :members:" if kind == "autoclass" else ""
    chapters = users.get(f"{room}.{name}", [])
    note = f"Used in {', '.join(chapters)}." if chapters else f"Planned: {planned[f'{room}.{name}']}."
    return heading(name) + f".. {kind}:: {full}{members}\n\n.. rubric:: In the workbook\n\n{note}\n"


def summary(thing):
    """Return the first paragraph of a docstring on one line; a constant has none of its own."""
    if not (inspect.ismodule(thing) or inspect.isclass(thing) or inspect.isfunction(thing)):
        return f"``{thing!r}``"
    paragraph = " ".join(inspect.getdoc(thing).split("\n\n")[0].split())
    return re.sub(r" \[\d+\]_", "", paragraph)  # the reference stands on the name's own page


def skip_inherited(app, what, name, thing, skip, options):
    """Leave out what scikit-learn adds to every estimator, such as set_score_request."""
    return skip or not getattr(thing, "__module__", "mmlearn_edu").startswith("mmlearn_edu")


def setup(app):
    app.connect("autodoc-skip-member", skip_inherited)
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True}
