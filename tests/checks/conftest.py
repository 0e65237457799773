import pytest
import toys

from mmlearn_edu.checks import journal, learner, predictions, registry


@pytest.fixture(autouse=True)
def _own_progress(tmp_path, monkeypatch):
    """Give every test its own progress file and no memory of another test's answers."""
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(journal, "_memory", [])
    monkeypatch.setattr(journal, "_warned", set())
    monkeypatch.setattr(learner, "_ANSWERS", {})
    monkeypatch.setattr(predictions, "_locked", {})


@pytest.fixture
def toy_chapter(monkeypatch):
    """Let the registry find the toys instead of the real chapters."""
    monkeypatch.setattr(registry, "CHAPTERS", {"08-pca": ("toys", "pca")})
    monkeypatch.setattr(registry, "_module", lambda slug: toys.MODULE)
    return toys
