"""A model card says everything, or is refused."""

import numpy as np
import pytest

from mmlearn_edu.evaluation import accuracy, model_card, slice_scores

TABLE = {"group": ["ann", "ben"], "n_samples": [40, 30], "score": [0.8, 0.5], "low": [0.7, 0.4], "high": [0.9, 0.6]}
CARD = {
    "name": "Digits",
    "task": "reads digits",
    "data": "200 digits",
    "measure": "accuracy",
    "chance": 0.1,
    "scores": {"new digits": (0.8, 0.7, 0.9), "new writers": (0.654, 0.6, 0.7)},
    "slices": TABLE,
    "limits": ["two hands only", "no letters"],
}


def test_says_every_number_and_every_limit_once():
    lines = model_card(**CARD).splitlines()
    assert lines[0] == "# Model card: Digits"
    for line in (
        "| judged on | accuracy | 95 % interval |",
        "| new writers | 0.65 | 0.60 to 0.70 |",
        "| chance | 0.10 | |",
        "| ben | 30 | 0.50 | 0.40 to 0.60 |",
        "- two hands only",
        "- no letters",
    ):
        assert lines.count(line) == 1, line


def test_every_table_is_one_in_markdown():
    lines = model_card(**CARD).splitlines()
    for number, line in enumerate(lines):
        if set(line) == {"|", "-"}:
            assert {row.count("|") for row in lines[number - 1 : number + 3]} == {line.count("|")}


def test_takes_what_slice_scores_returns():
    y = np.arange(60) % 3
    table = slice_scores(accuracy, y, np.where(np.arange(60) < 50, y, 0), np.repeat(["高", "low"], 30))
    assert "| 高 | 30 | 1.00 | 1.00 to 1.00 |" in model_card(**{**CARD, "slices": table})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"limits": []}, "limits must be given"),
        ({"limits": "none"}, "limits is a list of texts"),
        ({"task": " "}, "task must be given"),
        ({"name": "", "scores": {}}, "name, scores must be given"),
        ({"slices": {"group": ["ann"]}}, "slices lacks n_samples, score, low, high"),
        ({"scores": {"new digits": (0.8, 0.81, 0.9)}}, "does not hold its score 0.8"),
        ({"slices": {**TABLE, "high": [0.9, 0.45]}}, "'ben' does not hold its score 0.5"),
    ],
)
def test_refuses_a_card_that_leaves_something_out(change, words):
    with pytest.raises(ValueError, match=words):
        model_card(**{**CARD, **change})
