"""The notebooks in the repository are the ones their sources make."""

from mmlearn_edu.authoring import chapters, stale
from mmlearn_edu.checks import registry


def test_no_notebook_is_stale():
    assert stale() == []


def test_every_registered_notebook_has_a_source():
    assert chapters() == registry.notebook_ids()
