import subprocess
import sys
from types import ModuleType

import pytest
import torch

from mmlearn_edu.networks import vision

FORWARD = """
import sys
import torch
import mmlearn_edu.networks as networks

assert "torchvision" not in sys.modules, "import mmlearn_edu.networks loaded torchvision"
torchvision = networks.torchvision()
assert networks.torchvision() is torchvision
torch.manual_seed(0)
model = torchvision.models.resnet18(weights=None).eval()
with torch.no_grad():
    out = model(torch.zeros(1, 3, 64, 64))
assert out.shape == (1, 1000) and torch.isfinite(out).all()
from torchvision.transforms import v2
assert v2.functional.resize(torch.zeros(3, 8, 8), [4, 4]).shape == (3, 4, 4)
import gc; gc.collect()
sys.stdout.write(f"healed={bool(networks.vision._libraries)} nms={hasattr(torch.ops.torchvision, 'nms')}")
"""
PLAIN = "import torchvision"


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)


def test_a_real_import_works_and_is_healed_only_if_it_must_be():
    plain = run(PLAIN)
    broken = plain.returncode != 0 and vision.SYMPTOM in plain.stderr
    assert broken or plain.returncode == 0, f"torchvision is broken in a way nobody heals: {plain.stderr[-600:]}"
    healed = run(FORWARD)
    assert healed.returncode == 0, healed.stderr[-2000:]
    assert healed.stdout == f"healed={broken} nms=True"


def failing(monkeypatch, *errors):
    """Make ``import torchvision`` fail with these errors, one after the other, then succeed."""
    errors = list(errors)
    whole = ModuleType("torchvision")

    def fake(name):
        assert name == "torchvision"
        if not errors:
            return whole
        sys.modules["torchvision.half"] = ModuleType("torchvision.half")
        raise errors.pop(0)

    declared = []
    monkeypatch.setattr(vision, "import_module", fake)
    monkeypatch.setattr(vision, "_declare_missing_operators", lambda: declared.append(True))
    return whole, declared


def test_touches_nothing_when_the_import_works(monkeypatch):
    whole, declared = failing(monkeypatch)
    assert vision.torchvision() is whole
    assert declared == []


def test_purges_what_was_half_imported(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision_of_another_kind", ModuleType("torchvision_of_another_kind"))
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        monkeypatch.delitem(sys.modules, name)
    whole, declared = failing(monkeypatch, RuntimeError(vision.SYMPTOM))
    assert vision.torchvision() is whole
    assert declared == [True]
    assert "torchvision.half" not in sys.modules
    assert "torchvision_of_another_kind" in sys.modules


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("operator torchvision::roi_align does not exist"),
        RuntimeError("Detected that PyTorch and torchvision were compiled with different CUDA versions"),
        ImportError("No module named 'torchvision'"),
    ],
    ids=lambda error: str(error)[:40],
)
def test_leaves_every_other_error_alone(monkeypatch, error):
    _, declared = failing(monkeypatch, error)
    with pytest.raises(type(error)) as caught:
        vision.torchvision()
    sys.modules.pop("torchvision.half", None)
    assert caught.value is error
    assert declared == []


def test_fails_as_torchvision_does_when_healing_was_not_enough(monkeypatch):
    failing(monkeypatch, RuntimeError(vision.SYMPTOM), RuntimeError("something else"))
    with pytest.raises(RuntimeError, match="something else"):
        vision.torchvision()
    sys.modules.pop("torchvision.half", None)


def test_declares_once_and_keeps_the_declaration_alive(monkeypatch):
    made = []

    class Library:
        def __init__(self, name, kind):
            made.append((name, kind))
            self.schemas = []

        def define(self, schema):
            self.schemas.append(schema)

    monkeypatch.setattr(torch.library, "Library", Library)
    monkeypatch.setattr(vision, "_libraries", [])
    vision._declare_missing_operators()
    vision._declare_missing_operators()
    assert made == [("torchvision", "DEF")]
    assert [schema.split("(")[0] for schema in vision._libraries[0].schemas] == ["nms", "qnms"]
