"""Doctor finds what is missing, and says what to do."""

import json

import pytest

from mmlearn_edu import __version__, doctor, lab
from mmlearn_edu.datasets import CorruptDatasetError
from mmlearn_edu.doctor import Finding, Report


def states(findings):
    return [finding.state for finding in findings]


@pytest.fixture(scope="module")
def asked():
    """What each look of this machine answered: asked once, in Pythons of their own."""
    return {}


@pytest.fixture
def once(asked, monkeypatch):
    """Let a look that was made before answer from memory."""
    ask = doctor._ask
    monkeypatch.setattr(doctor, "_ask", lambda code: asked.get(code) or asked.setdefault(code, ask(code)))


def test_this_machine_has_what_is_needed(once):
    report = doctor.examine()
    assert report.ok, report.to_text()
    topics = {finding.topic for finding in report.findings}
    assert topics >= {"python", "packages", "device", "torchvision", "fonts", "kernel", "isolation", "data", "progress"}
    json.dumps(report.to_dict())


def test_text_marks_what_is_missing():
    text = Report([Finding("fonts", "missing", "none", "install one")]).to_text()
    assert "✗ fonts" in text
    assert "install one" in text
    assert text.endswith("see the lines with ✗.")


def test_missing_and_old_packages(monkeypatch):
    monkeypatch.setattr(doctor.importlib.metadata, "requires", lambda name: ["numpy>=99", "no-such-thing>=1", "scipy"])
    found = list(doctor._packages())
    assert states(found) == ["missing", "missing", "ok"]
    assert "and numpy>=99 is needed" in found[0].found
    assert "no-such-thing>=1 is not installed" in found[1].found
    assert "make start" in found[1].advice


@pytest.mark.parametrize(
    ("error", "state"),
    [("", "ok"), ("RuntimeError: operator torchvision::nms does not exist", "note"), ("ImportError: no", "missing")],
)
def test_torchvision_is_explained(monkeypatch, error, state):
    monkeypatch.setattr(doctor, "_ask", lambda code: ("", error))
    (finding,) = doctor._torchvision()
    assert finding.state == state


@pytest.mark.parametrize(
    ("answer", "word"), [("cpu", "CPU"), ("NVIDIA H200", "NVIDIA H200; cells marked gpu-optional")]
)
def test_device(monkeypatch, answer, word):
    monkeypatch.delenv("MMLEARN_DEVICE", raising=False)
    monkeypatch.setattr(doctor, "_ask", lambda code: (answer, ""))
    (finding,) = doctor._device()
    assert finding.state == "ok"
    assert word in finding.found


def test_a_gpu_is_named_with_the_way_not_to_use_it(monkeypatch):
    monkeypatch.delenv("MMLEARN_DEVICE", raising=False)
    monkeypatch.setattr(doctor, "_ask", lambda code: ("NVIDIA H200", ""))
    (finding,) = doctor._device()
    assert finding.found.endswith("unless MMLEARN_DEVICE=cpu is set")


def test_the_device_that_was_asked_for(once, monkeypatch):
    monkeypatch.setenv("MMLEARN_DEVICE", " cpu ")
    (finding,) = doctor._device()
    assert finding.state == "ok"
    assert finding.found.startswith("networks learn on cpu, as MMLEARN_DEVICE=cpu asks; found: ")


def test_a_device_that_is_not_there_is_told_in_the_words_of_networks(monkeypatch):
    monkeypatch.setenv("MMLEARN_DEVICE", "gpu")
    (finding,) = doctor._device()
    assert (finding.state, "unset MMLEARN_DEVICE" in finding.advice) == ("missing", True)
    assert finding.found.startswith("MMLEARN_DEVICE=gpu, expected cpu, cuda, cuda:1 or mps")


def test_no_chinese_font_is_a_note_with_advice(monkeypatch):
    monkeypatch.setattr(doctor, "_ask", lambda code: ("", ""))
    (finding,) = doctor._fonts()
    assert (finding.state, "fonts-noto-cjk" in finding.advice) == ("note", True)


@pytest.mark.parametrize(
    ("answer", "state"), [("python", "ok"), (doctor.sys.executable, "ok"), ("/no/such/python", "missing")]
)
def test_kernel_of_another_python_is_named(monkeypatch, answer, state):
    monkeypatch.setattr(doctor, "_ask", lambda code: (answer, ""))
    (finding,) = doctor._kernel()
    assert finding.state == state
    assert state == "ok" or answer in finding.found


def answer(**facts):
    installed = {"path": "/share/mmlearn-edu", "version": __version__, "hidden": [], "served": True}
    return json.dumps(installed | facts), ""


@pytest.mark.parametrize(
    ("answered", "state", "words"),
    [
        (answer(), "ok", "`jupyter labextension disable mmlearn-edu` hides it"),
        (answer(path="", version=""), "note", "is not installed"),
        (answer(version="0.0.1"), "note", f"is of version 0.0.1, and this is {__version__}"),
        (answer(served=False), "note", "no server that tells it the progress"),
        (answer(hidden=["mmlearn-edu:marks"]), "note", "mmlearn-edu:marks is disabled"),
        (("", "ImportError: no jupyterlab"), "missing", "no jupyterlab"),
    ],
)
def test_the_side_panel(monkeypatch, answered, state, words):
    monkeypatch.setattr(doctor, "_ask", lambda code: answered)
    (finding,) = doctor._panel()
    assert finding.state == state
    assert words in finding.found
    assert (finding.advice == "") == (state == "ok")


def test_the_side_panel_is_found_where_jupyter_looks(monkeypatch, tmp_path):
    for variable, folder in lab._FOLDERS.items():
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    (finding,) = doctor._panel()
    assert (finding.state, "jupyter_data" in finding.found) == ("ok", True)
    (tmp_path / "labconfig").mkdir()
    (tmp_path / "labconfig" / "page_config.json").write_text('{"disabledExtensions": {"mmlearn-edu": true}}')
    (finding,) = doctor._panel()
    assert finding.advice == "`jupyter labextension enable mmlearn-edu` shows it again"


def test_damaged_data_is_missing(monkeypatch):
    def damaged(name):
        raise CorruptDatasetError("speech.flac is not the file we shipped")

    monkeypatch.setattr(doctor, "verify", damaged)
    assert set(states(doctor._data())) == {"missing"}


def test_a_package_that_kills_its_process_is_only_a_finding():
    assert doctor._ask("import os; os._exit(7)") == ("", "Python ended with status 7")
    assert doctor._ask("raise ImportError('libGL is missing')") == ("", "ImportError: libGL is missing")
    assert doctor._ask("print(3)") == ("3", "")


def test_a_look_that_breaks_is_a_finding(once, monkeypatch):
    from mmlearn_edu import doctor

    def _data():
        raise FileNotFoundError("datasets is gone")
        yield

    monkeypatch.setattr(doctor, "_data", _data)
    report = doctor.examine()
    broken = [finding for finding in report.findings if finding.topic == "data"]
    assert not report.ok
    assert "datasets is gone" in broken[0].found
