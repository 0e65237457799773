"""The judge's memory is bounded while it compares, and free again afterwards."""

import resource
import sys

import numpy as np
import pytest

from mmlearn_edu.grading.frugal import bounded_memory

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits a process's memory so")


def test_a_table_made_of_two_thin_answers_is_refused_and_the_limit_is_put_back():
    before = resource.getrlimit(resource.RLIMIT_AS)
    column, row = np.ones((30_000, 1)), np.ones((1, 30_000))
    with bounded_memory(2**28), pytest.raises(MemoryError):
        column - row
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_ordinary_comparing_is_not_touched():
    with bounded_memory():
        assert np.allclose(np.ones((500, 500)), 1)
