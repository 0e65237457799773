"""The order that the example claims, on its twin; and what happens without a network."""

import math

import numpy as np
import pytest

from mmlearn_edu.datasets import DatasetUnavailable


def test_the_twin_gains_by_scaling_alone(example):
    multi = example("multi_view_gain")
    views, y = multi.twin()
    assert len(views) == 6
    half = np.arange(len(y)) % 2 == 0
    found = multi.homogeneities({name: F[half] for name, F in views.items()}, y[half], seed=0)
    assert found["scaled"] > found["as they are"] + 0.3
    assert found["best view alone"] > found["scaled"] - 0.1


def test_without_a_download_the_published_data_are_nan(example, monkeypatch):
    multi = example("multi_view_gain")

    def offline():
        raise DatasetUnavailable("no network")

    monkeypatch.setattr(multi, "uci", offline)
    monkeypatch.setattr(multi, "homogeneities", lambda views, y, seed: dict.fromkeys(multi.TARGETS, 0.5))
    with pytest.warns(UserWarning, match="no network"):
        table = multi.rows([0, 1])
    assert all(math.isnan(value) for what, _, values in table for value in values if what.startswith("UCI"))
    assert all(value == 0.5 for what, _, values in table for value in values if what.startswith("twin"))
