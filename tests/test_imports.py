"""What each room may load. Counting modules is exact; timing them is not."""

import subprocess
import sys

import pytest

HEAVY = {
    "numpy", "scipy", "sklearn", "pandas", "torch", "torchvision", "librosa", "soundfile", "PIL", "matplotlib",
    "anywidget", "ipywidgets", "IPython", "nbformat", "nbclient", "jupytext", "jupyterlab", "numba", "umap",
}  # fmt: skip
SKLEARN = {"numpy", "scipy", "sklearn", "pandas"}  # scikit-learn looks for pandas itself
ALLOWED = {
    "mmlearn_edu": set(),
    "mmlearn_edu.cli": set(),
    "mmlearn_edu.modalities": {"numpy"},
    "mmlearn_edu.similarity": {"numpy"},
    "mmlearn_edu.evaluation": {"numpy", "scipy"},
    "mmlearn_edu.datasets": {"numpy", "scipy", "soundfile", "PIL"},
    "mmlearn_edu.features": SKLEARN,
    "mmlearn_edu.representations": SKLEARN,
    "mmlearn_edu.fusion": SKLEARN,
    "mmlearn_edu.anomaly": SKLEARN,
    "mmlearn_edu.classification": SKLEARN,
    "mmlearn_edu.clustering": SKLEARN,
    "mmlearn_edu.retrieval": {"numpy"},
    "mmlearn_edu.plots": SKLEARN | {"matplotlib", "PIL"},
    "mmlearn_edu.networks": SKLEARN | {"torch"},  # its networks are estimators
    "mmlearn_edu.checks": {"numpy"},
    "mmlearn_edu.widgets": {"numpy", "anywidget", "ipywidgets", "IPython", "matplotlib", "PIL"},
}


@pytest.mark.parametrize("room", ALLOWED)
def test_room_loads_only_what_it_may(room):
    code = f"import sys, {room}; sys.stdout.write(' '.join({HEAVY} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"import {room} failed:\n{run.stderr[-1500:]}"
    extra = set(run.stdout.split()) - ALLOWED[room]
    assert not extra, (
        f"import {room} also loads {', '.join(sorted(extra))}; move that import to the room it belongs to, "
        "or say in ALLOWED why this room needs it"
    )


def test_a_check_loads_no_more_than_its_chapter():
    code = (
        "import sys; from mmlearn_edu.checks import registry; from mmlearn_edu.checks.learner import verdict_of;"
        "assert verdict_of(registry.get('pca.center'), lambda X: X - X.mean(axis=0)).passed;"
        f"sys.stdout.write(' '.join(({HEAVY} | {{'mmlearn_edu.representations'}}) & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-1500:]
    assert set(run.stdout.split()) <= {"numpy", "scipy", "soundfile", "PIL"}


def test_every_room_is_listed():
    import mmlearn_edu

    unlisted = {f"mmlearn_edu.{room}" for room in mmlearn_edu.__all__} - set(ALLOWED)
    assert not unlisted, f"say in ALLOWED what {', '.join(sorted(unlisted))} may load"


def test_the_front_door_opens_every_room_and_names_them():
    import mmlearn_edu

    assert set(mmlearn_edu.__all__) <= set(dir(mmlearn_edu))
    assert mmlearn_edu.similarity.top_k([[1.0, 2.0]], 1).tolist() == [[1]]
    with pytest.raises(AttributeError, match=r"has no attribute 'similarty'; its rooms are .*similarity"):
        _ = mmlearn_edu.similarty
