"""Time a move among twenty explorables in one notebook of a real JupyterLab: from the key to the picture that shows it.

    python benchmarks/widgets.py            prints the table and keeps it in benchmarks/WIDGETS.md

Chromium's own clock starts at the key, and stops after the frame in which the page has drawn the answer; a frame is
1/60 s, so that 17 ms is as good as nothing. Python hears of every move meanwhile.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from report import conditions

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.browser.conftest import Server  # noqa: E402
from tests.browser.lab import Notebook, write_notebook  # noqa: E402
from tests.conftest import CHROMIUM, FLAGS  # noqa: E402

LIMIT = 100  # ms: what a hand still takes for at once (Nielsen, 1993)
MOVES = 20
TWICE = 2
SETUP = """
import numpy as np
from mmlearn_edu import widgets
from mmlearn_edu.fusion import simplex_grid
rng = np.random.default_rng(0)
cloud = rng.normal(size=(300, 2)) @ [[2, 1], [0, 1]]
blobs = np.concatenate([rng.normal(size=(80, 2)) + centre for centre in ([0, 0], [8, 0], [4, 7])])
sound, film, y = rng.normal(scale=0.1, size=8000), rng.random((20, 32, 32)), np.arange(2000) % 2
values = 0.9 - ((simplex_grid(3, 20) - [0.4, 0.2, 0.4]) ** 2).sum(axis=1)
"""
OPEN = {  # explorable: how a cell opens it
    "shapes": "widgets.broadcast_shapes()",
    "kernel": "widgets.paint_kernel(rng.random((64, 64)))",
    "mask": "widgets.paint_matrix(np.ones((8, 4)), 'Paint.')",
    "sound": "widgets.listen(sound, 8000)",
    "tones": "widgets.resolve_tones()",
    "film": "widgets.watch(film)",
    "axis": "widgets.turn_axis(cloud)",
    "query": "widgets.move_query(rng.normal(size=(60, 2)) * 3 + 4)",
    "centroids": "widgets.drag_centroids(blobs, k=3)",
    "weights": "widgets.pick_weights(values)",
    "latent": "widgets.walk_latent(blobs, np.repeat([0, 1, 2], 80), lambda Z: np.repeat(Z.clip(0, 8) / 8, 32, axis=1))",
    "threshold": "widgets.move_threshold(y, rng.normal(size=2000) + y)",
}
CONTROL = ".mml :is(input[type=range], [role=slider], [tabindex='0'], input, button)"
WATCH = """() => {
  window.taken = [];
  addEventListener("keydown", (event) => requestAnimationFrame(() => setTimeout(() => {
    window.taken.push(performance.now() - event.timeStamp);
  })), true);
}"""


def notebook(folder):
    """Write a notebook with every explorable twice, and return its name."""
    opened = {f"{name}-{i}": code for i in range(TWICE) for name, code in OPEN.items()}
    write_notebook(folder / "many.ipynb", {"setup": SETUP, **opened})
    return "many.ipynb"


def times(opened, slug):
    """Move one explorable by its first control, and return what each move took, in ms."""
    opened.page.evaluate("() => { window.taken = []; }")
    opened.cell(slug).locator(CONTROL).first.focus()
    keys = ["1", "Backspace"] if slug.startswith("shapes") else ["ArrowRight", "ArrowRight", "ArrowLeft"]
    for i in range(MOVES):
        opened.page.keyboard.press(keys[i % len(keys)])
        opened.page.wait_for_function("n => window.taken.length > n", arg=i)
    return opened.page.evaluate("() => window.taken")


def table(measured):
    """Lay out the moves of all explorables."""
    rows = ["| explorable | median ms | slowest ms |", "|---|---:|---:|"]
    for name in OPEN:
        taken = [value for slug, values in measured.items() if slug.rpartition("-")[0] == name for value in values]
        mark = " **missed**" if max(taken) > LIMIT else ""
        rows.append(f"| {name} | {statistics.median(taken):.0f} | {max(taken):.0f}{mark} |")
    return rows


def main():
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        home, folder = Path(place) / "home", Path(place) / "workbook"
        home.mkdir()
        served = Server(folder, home)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            served.wait()
            opened = Notebook(browser.new_page(), served.address, notebook(folder))
            opened.run_all()
            assert not opened.exceptions(), opened.exceptions()
            opened.page.evaluate(WATCH)
            slugs = [f"{name}-{i}" for i in range(TWICE) for name in OPEN]
            measured = {slug: times(opened, slug) for slug in slugs}
            assert not opened.complaints, opened.complaints
        finally:
            browser.close()
            served.stop()
    text = [
        "# A move among many explorables",
        "",
        f"Written by `make bench`: {len(slugs)} explorables in one notebook of JupyterLab, {MOVES} moves each, from",
        f"the key to the frame that shows it. At most {LIMIT} ms; a frame is 17.",
        "",
        conditions(["anywidget", "jupyterlab"]),
        "",
        *table(measured),
    ]
    (HERE / "WIDGETS.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
