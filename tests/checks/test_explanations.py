"""Errors of Python and NumPy, met for real, are explained in both languages."""

import re

import numpy as np
import pytest

from mmlearn_edu.checks.explanations import explain

TALL, WIDE = np.ones((3, 2)), np.ones((4, 5))

MET = {
    "matmul": (lambda: TALL @ WIDE, "Here A has 2 columns, B has 4 rows."),
    "dot": (lambda: np.dot(TALL, WIDE), "Here A has 2 columns, B has 4 rows."),
    "broadcast": (lambda: TALL - TALL.mean(axis=1), "(3,2) and (3,) have two sizes that differ"),
    "reshape": (lambda: TALL.reshape(4, 2), "(4,2) must multiply to 6"),
    "joined": (lambda: np.concatenate([TALL, WIDE]), "equal sizes on all the others"),
    "truth": (lambda: bool(TALL == 1), "np.array_equal(a, b)"),
    "tuple": (lambda: np.linalg.svd(TALL).T, "a, b = f(...)"),
    "none": (lambda: None + 1, "lacks `return`"),
    "called": (lambda: TALL.shape(0), "square brackets"),
}


@pytest.mark.parametrize("name", MET)
def test_a_frequent_error_is_explained(name, monkeypatch):
    run, words = MET[name]
    with pytest.raises(Exception, match=r"\w") as raised:
        run()
    assert words in explain(str(raised.value))
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    assert re.search(r"[\u4e00-\u9fff]", explain(str(raised.value)))


def test_what_we_cannot_say_better_is_left_alone():
    assert explain("") == explain("name 'Y' is not defined") == ""
