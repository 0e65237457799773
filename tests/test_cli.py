"""The command: what it answers, with which exit code, and never a traceback."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mmlearn_edu import datasets
from mmlearn_edu.checks import registry
from mmlearn_edu.datasets import mnist

HEAVY = {
    "numpy",
    "scipy",
    "sklearn",
    "torch",
    "matplotlib",
    "nbformat",
    "jupytext",
    "nbclient",
    "IPython",
    "jupyterlab",
}
VERBS = ["start", "list", "progress", "check", "grade", "export", "reset", "data", "doctor"]
VERBS += ["hand-out", "exercises", "build"]


@pytest.fixture
def run(command, monkeypatch, tmp_path):
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path / "home"))
    return command


def test_help_loads_nothing_heavy():
    code = (
        f"import sys; from mmlearn_edu.cli import _parser; _parser().format_help(); print({HEAVY} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(run, verb):
    code, out, _ = run(verb, "--help")
    assert code == 0
    assert f"usage: mmlearn-edu {verb}" in out
    assert f"    {verb}" in [line[: 4 + len(verb)].rstrip() for line in run("--help")[1].splitlines()]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["chek-k"], "there is no 'chek-k' here; did you mean check?"),
        (["data", "lst"], "there is no 'lst' here; did you mean list?"),
        (["data", "verify", "spoken_digit"], "there is no dataset 'spoken_digit'; did you mean spoken_digits?"),
        (["data", "fetch", "fsd"], "there is no dataset 'fsd'; did you mean fsdd?"),
        (["data", "fetch"], "say what to fetch: fsdd, mnist, multiple_features, newsgroups, olivetti"),
        (["data", "fetch", "scenes"], "'scenes' is shipped, there is nothing to fetch; fsdd, "),
        (["data", "verify", "mnist"], "`mmlearn-edu data fetch mnist` compares it with its published checksum"),
        (["data", "list", "--data-home", "x"], "--data-home is where `mmlearn-edu data fetch` puts a download"),
        (["start", "--port", "0"], "'0' is no port; give a number from 1 to 65535"),
        (["start", "--port", "x"], "'x' is no port"),
        (["check", "nothing.ipynb"], "there is no file nothing.ipynb"),
        (["check", "."], "is a folder"),
        (["reset", "08-pac"], "there is no chapter '08-pac'; did you mean 08-pca?"),
        (["build", "08-pac"], "there is no chapter '08-pac'"),
        (["build", "--check", "--execute"], "not allowed with argument"),
        (["exercises", "tri", "mine"], "there is no 'tri' here; did you mean try?"),
        (["exercises", "try", "nowhere"], "nowhere; `mmlearn-edu exercises new FOLDER` makes one"),
        (["hand-out", "08-pac"], "there is no chapter '08-pac'; did you mean 08-pca?"),
        (["hand-out", "my-exam", "--exercises", "nowhere"], "there is no folder"),
    ],
)
def test_wrong_use_is_met_with_words_and_exit_code_2(run, arguments, words):
    code, out, err = run(*arguments)
    assert code == 2
    assert words in err
    assert out == ""


def test_folder_that_cannot_be_made(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run("start", tmp_path / "file", "--copy-only")
    assert (code, "is a file, not a folder" in err) == (2, True)
    code, _, err = run("start", tmp_path / "file" / "x", "--copy-only")
    assert (code, "cannot write into" in err) == (2, True)


def test_corrupt_notebook(run, tmp_path):
    (tmp_path / "08-pca.ipynb").write_text("{")
    code, _, err = run("check", "08-pca.ipynb")
    assert (code, "is not a notebook that can be read" in err) == (2, True)


def test_chapter_this_version_does_not_have(run, tmp_path):
    text = '{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": {"mmlearn_edu": %s}}'
    (tmp_path / "a.ipynb").write_text(text % '{"chapter": "77-future", "exercises": {}}')
    code, _, err = run("check", "a.ipynb")
    assert (code, "is of chapter '77-future', but this version has 00-start-here" in err) == (2, True)


def test_list(run):
    code, out, _ = run("list", "--json")
    rows = json.loads(out)["chapters"]
    assert code == 0
    assert [row["chapter"] for row in rows] == registry.chapter_ids()
    for row in rows:
        assert row["title"] in run("list")[1]


def test_start_copies_then_progress_reports(run, tmp_path):
    code, out, _ = run("start", "我的 folder", "--copy-only")
    assert code == 0
    assert "copied 00-start-here.ipynb" in out
    assert str(tmp_path / "我的 folder") in out
    code, out, _ = run("progress", "我的 folder", "--json")
    assert code == 0
    assert [chapter["id"] for chapter in json.loads(out)["chapters"]] == registry.chapter_ids()


def test_data_verify_fails_in_words_on_a_bad_checksum(run, monkeypatch):
    assert run("data", "verify") == (0, *run("data", "verify")[1:])

    def damaged(name):
        raise datasets.CorruptDatasetError(f"{name}/speech.flac is not the file we shipped")

    monkeypatch.setattr(datasets, "verify", damaged)
    code, out, _ = run("data", "verify", "spoken_digits")
    assert (code, "is not the file we shipped" in out) == (1, True)
    code, out, _ = run("data", "verify", "--json")
    assert (code, json.loads(out)["ok"]) == (1, False)


def test_a_lost_card_is_told(run, monkeypatch):
    def lost():
        raise datasets.CorruptDatasetError("scenes/README.md cannot be read")

    monkeypatch.setattr(datasets, "list_datasets", lost)
    assert run("data", "list") == (1, "", "mmlearn-edu: scenes/README.md cannot be read\n")


def test_data_list(run):
    code, out, _ = run("data", "list", "--json")
    assert code == 0
    assert json.loads(out) == {"datasets": datasets.list_datasets(), "downloads": datasets.list_downloads()}
    assert "spoken_digits" in run("data", "list")[1]
    assert "\nmnist              MNIST: 70000 digits" in run("data", "list")[1]
    assert run("data", "list", "mnist")[1].splitlines()[-1].endswith("(11 MB)")
    assert json.loads(run("data", "list", "scenes", "--json")[1])["downloads"] == {}


def test_data_fetch(run, monkeypatch, tmp_path):
    (tmp_path / "mnist.npz").write_bytes(b"digits")
    published = replace(mnist.ARCHIVE, sha256=hashlib.sha256(b"digits").hexdigest(), url="http://127.0.0.1:9/gone")
    monkeypatch.setattr(mnist, "ARCHIVE", published)
    monkeypatch.setattr("pooch.core.time.sleep", lambda seconds: None)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    code, out, _ = run("data", "fetch", "mnist", "--data-home", tmp_path)
    assert (code, out) == (0, f"mnist: {tmp_path / 'mnist.npz'} is the published file\n")
    code, out, _ = run("data", "fetch", "mnist", "--data-home", tmp_path, "--json")
    path = str(tmp_path / "mnist.npz")
    assert (code, json.loads(out)) == (0, {"ok": True, "name": "mnist", "path": path, "problem": None})
    code, out, err = run("data", "fetch", "mnist", "--data-home", tmp_path / "空 folder")
    assert (code, err) == (1, "")
    assert out.startswith(
        "mnist: mnist.npz cannot be fetched: no connection (ConnectionError). Use load_spoken_digits()"
    )
    code, out, _ = run("data", "fetch", "mnist", "--data-home", tmp_path / "空 folder", "--json")
    assert (code, json.loads(out)["ok"], json.loads(out)["path"]) == (1, False, None)
    assert json.loads(out)["problem"].startswith("mnist.npz cannot be fetched")


def test_output_that_nobody_reads_is_no_error():
    code = "from mmlearn_edu.cli import main; raise SystemExit(main(['list']))"
    command = [sys.executable, "-c", code]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    started.stdout.close()
    assert started.stderr.read() == ""
    assert started.wait() == 0
    started.stderr.close()


def test_terminal_that_knows_only_ascii():
    variables = {**os.environ, "PYTHONIOENCODING": "ascii", "MMLEARN_HOME": os.devnull + "/x"}
    command = [sys.executable, "-W", "ignore", "-m", "mmlearn_edu", "progress"]
    done = subprocess.run(command, capture_output=True, text=True, env=variables, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_teachers_own_exercises_from_beginning_to_hand_out(run, tmp_path):
    code, out, _ = run("exercises", "new", "期末 考试")
    assert code == 0
    assert out.splitlines()[-1] == 'next: `mmlearn-edu exercises try "期末 考试"`'
    assert run("exercises", "new", "期末 考试")[0] == 2
    code, out, err = run("exercises", "try", "期末 考试")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == ('my-exam can be handed out: `mmlearn-edu hand-out my-exam --exercises "期末 考试"`')
    assert json.loads(run("exercises", "try", "期末 考试", "--json")[1])["passed"] is True
    wrote = f"wrote {Path('out', '一班.ipynb')}\n"
    assert run("hand-out", "my-exam", "--exercises", "期末 考试", "--out", "out/一班")[:2] == (0, wrote)
    first = (tmp_path / "out" / "一班.ipynb").read_bytes()
    code, out, _ = run("hand-out", "my-exam", "--exercises", "期末 考试", "--out", "out/一班.ipynb")
    assert (code, "is this very notebook already" in out) == (0, True)
    (tmp_path / "out" / "一班.ipynb").write_bytes(first + b" ")
    code, _, err = run("hand-out", "my-exam", "--exercises", "期末 考试", "--out", "out/一班.ipynb")
    assert (code, "stays as it is" in err) == (2, True)
    assert (tmp_path / "out" / "一班.ipynb").read_bytes() == first + b" "
    assert run("hand-out", "08-pca", "--out", "out")[0] == 0
    assert (tmp_path / "out" / "08-pca.ipynb").exists()
    assert run("hand-out", "my-exam")[0] == 2  # nobody sees it who does not name the folder
    assert registry.added_ids() == []
    assert "my-exam" not in run("list")[1]


def test_what_is_wrong_with_exercises_of_ones_own_has_its_exit_code(run, tmp_path):
    run("exercises", "new", "mine")
    path = tmp_path / "mine" / "exam.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('letter = "b"', 'letter = "c"'), encoding="utf-8")
    code, out, _ = run("exercises", "try", "mine")
    assert code == 1
    assert "the mistake squares-are-small passes" in out
    assert json.loads(run("exercises", "try", "mine", "--json")[1])["passed"] is False
    path.write_text(text.replace("return letter", 'return "b"'), encoding="utf-8")
    code, _, err = run("hand-out", "my-exam", "--exercises", "mine")
    assert (code, "must end with `return name`" in err) == (2, True)
    path.write_text(text + "(", encoding="utf-8")
    code, _, err = run("exercises", "try", "mine")
    assert (code, "this is not Python" in err) == (2, True)
    code, out, _ = run("exercises", "try", "mine", "--json")
    assert (code, json.loads(out)["passed"]) == (2, False)
