"""The tables of benchmarks/: they keep their places in a file, and a miss is told."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def script(monkeypatch):
    """Import one of the scripts, which see each other and are no package."""
    monkeypatch.syspath_prepend(str(FOLDER))

    def load(name):
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        monkeypatch.setitem(sys.modules, name, module := importlib.util.module_from_spec(spec))
        spec.loader.exec_module(module)
        return module

    return load


def test_a_section_takes_the_place_of_its_older_self(script, tmp_path):
    report, file = script("report"), tmp_path / "RESULTS.md"
    for section in ["# One\n\nold\n\n## Why\n\nwords\n", "# Two\n\nold\n", "# One\n\nnew: 时间\n"]:
        report.write_section(file, section)
    assert file.read_text(encoding="utf-8") == "# One\n\nnew: 时间\n\n# Two\n\nold\n"
    report.write_section(file, "# Two\n\nnew\n")
    assert file.read_text(encoding="utf-8") == "# One\n\nnew: 时间\n\n# Two\n\nnew\n"


def test_what_was_measured_keeps_its_place(script):
    text = (FOLDER / "RESULTS.md").read_text(encoding="utf-8")
    assert text.startswith(script("ratios").HEADING.splitlines()[0] + "\n")


def test_a_miss_is_told(script):
    training = script("training")
    task = training.Training("network", 10, "accuracy", 0.9, lambda seed: (1.0, 1.0))
    header, _, good, late, poor = training.table(
        [(task, [9, 10, 60], [0.9, 0.8, 1.0]), (task, [9, 10.5, 60], [1, 1, 1]), (task, [1, 1, 1], [0.8, 0.95, 0.9])]
    )
    assert header.count("|") == good.count("|")
    assert good == "| network | 10.00 | 60.00 | 10 | accuracy | 0.900 | 0.800 | 0.9 |"
    assert "| 10.50 **missed** |" in late
    assert "| 0.883 **missed** | 0.800 |" in poor


def test_without_a_gpu_nothing_is_measured(script, monkeypatch):
    import torch

    training = script("training")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["training.py", "--device", "cuda"])
    monkeypatch.setattr(training, "write_section", lambda *_: pytest.fail("nothing was measured"))
    with pytest.raises(SystemExit, match="no NVIDIA GPU that torch can use: nothing was measured"):
        training.main()


def test_says_which_networks_there_are(script, monkeypatch):
    training = script("training")
    monkeypatch.setattr(sys, "argv", ["training.py", "transformer"])
    with pytest.raises(SystemExit, match="no network has transformer in its name: Autoencoder, digits, ImageCNN"):
        training.main()


def test_both_loops_take_the_same_steps(script):
    tasks = script("tasks")
    X, y, build = tasks.digits("DenseNetwork")
    ours, theirs = (loop(X[:200], y[:200], build, 2) for loop in (tasks.our_loop, tasks.loop_by_hand))
    tasks.same_weights(ours, theirs)
    with pytest.raises(AssertionError):
        tasks.same_weights(ours, build())


def test_other_graders_get_the_same_answers_and_as_many_questions(script):
    from mmlearn_edu.checks import registry

    classroom, peers = script("classroom"), script("peers")
    assert set(peers.TESTS) == {one.id for one in registry.exercises(peers.CHAPTER)}
    hand_in = classroom.classroom(peers.CHAPTER, 20)[0]
    whole, short = peers.cells_of(hand_in.notebook, True), peers.cells_of(hand_in.notebook, False)
    answers = [cell["source"] for cell in short if "exercise" in cell["metadata"]]
    assert len(answers) == len(peers.TESTS)
    assert set(answers) < {cell["source"] for cell in whole}
    assert not any("mmlearn_edu" in cell["source"] for cell in short)


def test_plain_questions_take_right_answers_and_no_others(script):
    peers, scope = script("peers"), {}
    exec(peers.SET_UP, scope)
    given = json.loads((peers.ROOT / "notebooks" / "solutions" / f"{peers.CHAPTER}.ipynb").read_text(encoding="utf-8"))
    for cell in peers.cells_of(given, False):
        exec(cell["source"], scope)
    for draw, *truths in peers.TESTS.values():
        exec(draw, scope)
        assert all(eval(truth, scope) for truth in truths), truths
    scope |= {"center": lambda X: X - X.mean(), "answer": "b", "angle": 46}
    for exercise in ("pca.center", "pca.why_unnoticed", "pca.turn_axis"):
        draw, *truths = peers.TESTS[exercise]
        exec(draw, scope)
        assert not all(eval(truth, scope) for truth in truths), exercise


def test_a_missed_target_of_grading_is_told(script):
    grading, missed = script("grading"), []
    grading._judge(True, "kept", missed)
    grading._judge(False, "late", missed)
    assert missed == ["late"]
