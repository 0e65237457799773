"""The harness of docs/examples, and what it asks of every example. Each example has a test file of its own."""

import ast
import math
import sys
from pathlib import Path

import pytest

from tests.examples.conftest import FOLDER, load

RUN = load("run")
SCRIPTS = [FOLDER / f"{name}.py" for name in RUN.names()]
ids = [path.stem for path in SCRIPTS]


def test_there_are_examples_and_the_harness_is_none_of_them():
    assert "fusion_under_noise" in RUN.names()
    assert "run" not in RUN.names()


@pytest.mark.parametrize("path", SCRIPTS, ids=ids)
def test_is_short_says_what_it_claims_and_is_itself_tested(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= 100
    assert len(ast.get_docstring(tree).splitlines()[0]) <= 110
    [rows] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "rows"]
    assert rows.args.args[0].arg == "seeds"
    assert (Path(__file__).parent / f"test_{path.stem}_example.py").exists()


@pytest.mark.parametrize("path", SCRIPTS, ids=ids)
def test_uses_what_a_reader_may_use(path):
    """Public names, imported from their room as the pages of the library show them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("mmlearn_edu"):
            rooms = node.module.split(".")
            assert len(rooms) <= 2, f"import from mmlearn_edu.{rooms[1]}, not from {node.module}"
            assert not [alias.name for alias in node.names if alias.name.startswith("_")]


@pytest.mark.parametrize("path", SCRIPTS, ids=ids)
def test_has_its_section_of_results(path):
    sections = RUN.read(RUN.RESULTS)
    assert path.stem in sections, f"run it once: python docs/examples/run.py {path.stem}"
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).splitlines()[0] in sections[path.stem]
    assert f"\n{RUN.N_SEEDS} seeds, commit " in sections[path.stem]


def test_results_hold_each_example_once():
    lines = RUN.RESULTS.read_text(encoding="utf-8").splitlines()
    assert sorted(line[3:] for line in lines if line.startswith("## ")) == RUN.names()


def test_interval_by_hand():
    mean, low, high = RUN.interval([1.0, 2.0, 3.0])  # deviation 1; Student's quantile with two degrees is 4.303
    assert mean == 2.0
    assert high - mean == pytest.approx(4.3027 / math.sqrt(3), abs=1e-4)
    assert mean - low == pytest.approx(high - mean)


def test_one_seed_has_no_interval():
    [*_, line] = RUN.format_table([("image", 0.74, [0.75])])
    assert line == "| image | 0.740 | 0.750 | - | +0.010 |"


def test_a_target_may_be_words_or_nothing():
    *_, words, nothing = RUN.format_table([("late", "below the image", [0.5, 0.5]), ("ours", None, [1.0, 1.0])])
    assert words == "| late | below the image | 0.500 | 0.500 to 0.500 | - |"
    assert nothing == "| ours | - | 1.000 | 1.000 to 1.000 | - |"


def test_running_one_example_replaces_only_its_section(tmp_path, monkeypatch, capsys):
    for name in ("first", "second"):
        (tmp_path / f"{name}.py").write_text(
            f'"""The {name}."""\n\n\ndef rows(seeds):\n    return [("half", 0.4, [0.5 for _ in seeds])]\n'
        )
    monkeypatch.setattr(RUN, "HERE", tmp_path)
    monkeypatch.setattr(RUN, "RESULTS", tmp_path / "RESULTS.md")
    run(monkeypatch)
    both = RUN.RESULTS.read_text()
    # 0.90 and not 0.9: Python takes a file of the same second and size for the one it compiled before
    (tmp_path / "second.py").write_text((tmp_path / "second.py").read_text().replace("0.5", "0.90"))
    run(monkeypatch, "second")
    assert RUN.RESULTS.read_text() == both.replace(
        "| 0.500 | 0.500 to 0.500 | +0.100 |", "| 0.900 | 0.900 to 0.900 | +0.500 |"
    ).replace("0.900", "0.500", 1).replace("0.900 to 0.900 | +0.500", "0.500 to 0.500 | +0.100", 1)
    kept = RUN.RESULTS.read_text()
    run(monkeypatch, "--seeds", "2", "first")
    assert "2 seeds, commit " in capsys.readouterr().out
    assert RUN.RESULTS.read_text() == kept
    (tmp_path / "first.py").unlink()
    run(monkeypatch, "second")
    assert "## first" not in RUN.RESULTS.read_text()


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["run.py", *words])
    RUN.main()


@pytest.mark.parametrize(
    ("words", "message"), [(["fusion"], "no example is called fusion; there are"), (["--seeds", "0"], "at least one")]
)
def test_complaints(monkeypatch, capsys, words, message):
    with pytest.raises(SystemExit):
        run(monkeypatch, *words)
    assert message in capsys.readouterr().err
