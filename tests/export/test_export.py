"""The page as text: what is in it, what it asks for, and how the command writes it."""

import json
import re
from base64 import b64decode
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from mmlearn_edu import cli, export
from mmlearn_edu._resources import resource
from mmlearn_edu.export import OfflineHTMLExporter, to_html
from mmlearn_edu.export.formulas import formula
from mmlearn_edu.widgets import broadcast_shapes, turn_axis
from mmlearn_edu.widgets.base import MIMETYPE

SOLUTIONS = sorted(resource("notebooks").glob("solutions/*.ipynb"))
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
CLOUD = np.random.default_rng(0).normal(size=(9, 2))


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def shows(data, metadata=None, printed=""):
    """Return a code cell whose output is `data`."""
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)] if printed else []
    outputs.append(nbformat.v4.new_output("display_data", data=data, metadata=metadata or {}))
    return nbformat.v4.new_code_cell("draw()", outputs=outputs, execution_count=1)


def page(*cells, name="my"):
    return OfflineHTMLExporter().from_notebook_node(notebook(*cells), {"metadata": {"name": name}})[0]


@pytest.fixture
def run(command):
    return partial(command, "export")


@pytest.fixture
def mine(tmp_path):
    """Return a small notebook with one widget on the disk."""
    path = tmp_path / "我的 notes.ipynb"
    nbformat.write(notebook(shows(broadcast_shapes()._repr_mimebundle_()[0])), path)
    return path


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_chapter_asks_no_other_machine_and_keeps_no_formula_as_code(path):
    html = to_html(path)
    addresses = set(re.findall(r"(?:src|href|url\()[=\"' ]*(https?:[^\"')\s]+)", html))
    assert [each for each in addresses if f'<a href="{each}"' not in html] == []
    assert not re.search(r"\$[^$<]*\\[a-z]+[^$<]*\$", re.sub(r"<(script|pre|code).*?</\1>", "", html, flags=re.DOTALL))
    markdown = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"]
    for source in re.findall(r"(?<!\\)\$\$?([^$`]+)\$", "\n".join(markdown)):
        assert formula(source).startswith("<math"), source
    assert re.search(r"<title>\d\d · ", html)
    assert '<html lang="en">' in html
    assert 'alt=""' not in html
    assert "picture without a description" not in html


def test_kit_stands_once_in_a_page_of_many():
    bundles = [turn_axis(CLOUD)._repr_mimebundle_()[0], broadcast_shapes()._repr_mimebundle_()[0]]
    html = page(*(shows(data) for data in bundles * 2))
    assert html.count('class="mmlearn-explorable"') == 4
    assert html.count("function frame(model") == 1
    assert html.count("EXPLORABLES.axis = ") == html.count("EXPLORABLES.broadcasting = ") == 1
    assert html.count(".mml-body {") == 1
    assert "export default" not in html


def test_a_page_without_widgets_has_no_script():
    html = page(nbformat.v4.new_markdown_cell("# Hello"), shows({"text/plain": "3"}))
    assert "<script" not in html
    assert "<title>Hello</title>" in html


def test_state_cannot_end_the_script():
    html = page(shows(turn_axis(CLOUD, ("</script><b>x", "y"))._repr_mimebundle_()[0]))
    state = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html).group(1))
    assert state["state"]["labels"] == ["</script><b>x", "y"]


@pytest.mark.parametrize("kind", ["from_the_future", "../base", "kit", "page", None, 3])
def test_an_explorable_we_do_not_know_stays_a_picture(kind):
    html = page(shows({MIMETYPE: {"kind": kind, "state": {}}, "text/html": "<img alt='still' src='data:,'>"}))
    assert "still" in html
    assert 'class="mmlearn-explorable"' not in html


@pytest.mark.parametrize(
    ("metadata", "printed", "plain", "alt"),
    [
        ({"image/png": {"alt": "a cat"}}, "printed", "", "a cat"),
        ({"alt": 'a "cat"'}, "", "", 'a "cat"'),
        ({}, "Two rows of\ndigits.\n", "<Figure size 640x480 with 1 Axes>", "Two rows of digits."),
        ({}, "", "<Figure size 640x480 with 1 Axes>", "picture without a description"),
        ({}, "", "<PIL.Image of 4 x 4>", "<PIL.Image of 4 x 4>"),
    ],
)
def test_every_picture_has_words(metadata, printed, plain, alt):
    html = page(shows({"image/png": PIXEL, "text/plain": plain}, metadata, printed))
    assert BeautifulSoup(html, "html.parser").img["alt"] == alt


@pytest.mark.parametrize("source", [r"\foo{x}", r"\frac{1", "}", r"\begin{nothing}x\end{nothing}"])
def test_a_formula_that_cannot_be_set_is_shown_as_it_was_written(source):
    assert formula(source) == f"<code>{source}</code>" or "<math" in formula(source)
    assert "\\" not in re.sub("<code>.*?</code>", "", formula(source))


def test_formulas_in_text_and_in_outputs():
    html = page(
        nbformat.v4.new_markdown_cell("a $x^2$ b\n\n$$\\frac{1}{n}$$\n\n\\begin{align}a&=b\\end{align}\n\ncosts \\$5"),
        shows({"text/latex": r"$\displaystyle \sqrt{2}$", "text/plain": "r2"}),
    )
    assert html.count("<math") == 4
    assert html.count('display="block"') == 3
    assert "costs $5" in html


def test_headings_can_be_linked_to_once_and_cards_point_into_the_page():
    card = '<a href="my.ipynb#cell-id=by-hand">read</a> <a href="other.ipynb#cell-id=x">read</a>'
    text = nbformat.v4.new_markdown_cell("## By hand\n\n## By hand\n\n## `svd` & co", id="by-hand")
    html = page(text, shows({"text/html": card}))
    assert html.count('id="By-hand"') == 1
    assert 'id="svd-&amp;-co"' in html
    assert 'href="#cell-by-hand"' in html
    assert 'id="cell-by-hand"' in html
    assert 'href="other.ipynb#cell-id=x"' in html


@pytest.mark.parametrize(
    ("text", "language"),
    [("# 主成分分析\n\n用 PCA 找方向。", "zh-Hans"), ("# PCA\n\nGlossary: axis 轴", "en"), ("", "en")],
)
def test_language_is_that_of_the_text(text, language):
    assert f'<html lang="{language}">' in page(nbformat.v4.new_markdown_cell(text))


def test_about_line_is_in_the_readers_language(monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    html = page(nbformat.v4.new_markdown_cell("# PCA"))
    assert '<header class="about" lang="zh-Hans">从 my.ipynb 导出' in html


def test_errors_warnings_and_colours_of_a_terminal():
    cell = nbformat.v4.new_code_cell("1/0", execution_count=2)
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="careful <now>"),
        nbformat.v4.new_output("error", ename="E", evalue="v", traceback=["\x1b[31mZeroDivisionError\x1b[0m: <b>"]),
    ]
    html = page(cell)
    assert "careful &lt;now&gt;" in html
    assert '<span class="ansi-red-fg">ZeroDivisionError</span>: &lt;b&gt;' in html


def test_jupyterlab_finds_it_by_its_entry_point():
    lines = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    name, value = re.search(r'nbconvert\.exporters"\].*\n(\w+) = "(.*)"', lines).groups()
    exporter = EntryPoint(name, value, "nbconvert.exporters").load()
    assert exporter is OfflineHTMLExporter
    assert exporter.export_from_notebook == "Offline HTML"
    assert exporter().file_extension == ".html"


def test_the_command_writes_beside_the_notebook_and_again(run, mine):
    out = mine.with_suffix(".html")
    assert run(mine) == (0, f"wrote {out}; open it in a browser\n", "")
    assert "mmlearn-explorable" in out.read_text(encoding="utf-8")
    assert run(mine)[0] == 0
    assert run(mine, "--out", "there.html") == (0, f"wrote {out.parent / 'there.html'}; open it in a browser\n", "")


def test_the_command_overwrites_nothing_of_yours(run, mine):
    out = mine.with_suffix(".html")
    out.write_text("mine", encoding="utf-8")
    code, said, err = run(mine)
    assert (code, said) == (2, "")
    assert f"so it stays as it is; try `mmlearn-edu export {mine} --out {out.parent / '我的 notes-2.html'}`" in err
    assert out.read_text(encoding="utf-8") == "mine"
    assert run(mine, "--out", mine)[0] == 2
    assert nbformat.read(mine, 4).cells


def test_a_chapter_is_the_copy_in_your_folder(run, tmp_path):
    code, _, err = run("08-pca")
    assert code == 2
    assert "08-pca.ipynb does not exist; `mmlearn-edu start` copies it" in err
    assert cli.main(["start", "desk", "--copy-only"]) == 0
    code, _, err = run("08-pca", "--folder", "desk")
    assert code == 0
    assert (tmp_path / "desk" / "08-pca.html").exists()
    assert "code cells have no output" in err
    assert run("08-pca.ipynb", "--folder", "desk")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["08-pcaa"], "there is no notebook and no chapter '08-pcaa'; did you mean 08-pca"),
        (["broken.ipynb"], "broken.ipynb cannot be read as a notebook"),
        (["folder"], "there is no notebook and no chapter 'folder'"),
        (["08-pca", "--to", "pdf"], "there is no export to 'pdf'; there is html"),
        (["08-pca", "--to", "htm"], "did you mean html"),
    ],
)
def test_says_what_it_cannot_export(run, tmp_path, arguments, words):
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "folder").mkdir()
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize("content", ["", "[]", '{"cells": 3}', '{"nbformat": 9}', "\x00"])
def test_what_is_no_notebook(content, tmp_path):
    (tmp_path / "x.ipynb").write_text(content)
    with pytest.raises(export.ExportError, match="cannot be read as a notebook"):
        to_html(tmp_path / "x.ipynb")


def test_a_picture_beside_the_notebook_travels_inside_the_page(tmp_path):
    (tmp_path / "pixel.png").write_bytes(b64decode(PIXEL))
    nbformat.write(notebook(nbformat.v4.new_markdown_cell("![a pixel](pixel.png)")), tmp_path / "x.ipynb")
    picture = BeautifulSoup(to_html(tmp_path / "x.ipynb"), "html.parser").img
    assert picture["alt"] == "a pixel"
    assert picture["src"] == f"data:image/png;base64,{PIXEL}"


def test_an_empty_notebook_and_one_from_before_cells_had_ids(tmp_path):
    (tmp_path / "empty.ipynb").write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": []}))
    assert "<main>" in to_html(tmp_path / "empty.ipynb")
    old = {"cell_type": "code", "source": "1", "metadata": {}, "execution_count": None}
    out = {"output_type": "execute_result", "data": {"text/plain": "<1>"}, "metadata": {}, "execution_count": 1}
    cells = [{**old, "outputs": [out]}, {**old, "outputs": []}]
    book = {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": cells}
    (tmp_path / "old.ipynb").write_text(json.dumps(book))
    html = to_html(tmp_path / "old.ipynb")
    assert "&lt;1&gt;" in html
    assert 'id="cell-"' not in html
