import numpy as np
import pytest

from mmlearn_edu import plots


def curves(ax):
    return {line.get_label(): line for line in ax.lines}


def test_what_is_drawn_is_what_was_given():
    ax = plots.training_curves({"training": [3.0, 1.0], "validation": [2.0, 2.5]})
    drawn = curves(ax)
    np.testing.assert_array_equal(drawn["training"].get_xydata(), [[1, 3], [2, 1]])
    np.testing.assert_array_equal(drawn["validation"].get_xydata(), [[1, 2], [2, 2.5]])


@pytest.mark.parametrize(("larger_is_better", "epoch"), [(False, 3), (True, 2)])
def test_the_best_epoch_of_the_last_curve_is_marked(larger_is_better, epoch):
    history = {"training": [9.0, 1.0, 5.0, 0.0], "validation": [4.0, 6.0, 2.0, 3.0]}
    ax = plots.training_curves(history, larger_is_better=larger_is_better)
    star = next(line for line in ax.lines if line.get_marker() == "*")
    np.testing.assert_array_equal(star.get_xydata(), [[epoch, history["validation"][epoch - 1]]])
    assert f"at epoch {epoch} of 4." in plots.describe(ax)
    assert any(label.endswith(f"at epoch {epoch}") for label in curves(ax))


def test_the_first_of_equal_epochs_is_best_and_the_curve_can_be_chosen():
    history = {"training": [2.0, 1.0, 1.0], "validation": [1.0, 2.0, 3.0]}
    assert "best training 1 at epoch 2 of 3" in plots.describe(plots.training_curves(history, best="training"))


def test_one_curve_has_no_best_unless_asked():
    assert "best" not in plots.describe(plots.training_curves({"loss": [2, 1]}))
    assert "best loss 1 at epoch 2" in plots.describe(plots.training_curves({"loss": [2, 1]}, best="loss"))


def test_epochs_that_were_not_measured_are_skipped():
    ax = plots.training_curves({"training": [4, 3, 2, np.inf], "validation": [np.nan, 3, np.nan, 2.5]})
    np.testing.assert_array_equal(curves(ax)["validation"].get_xydata(), [[2, 3], [4, 2.5]])
    assert "training 4 to 2, validation 3 to 2.5; best validation 2.5 at epoch 4 of 4" in plots.describe(ax)


def test_a_single_epoch_and_ten_thousand():
    assert "at epoch 1 of 1" in plots.describe(plots.training_curves({"a": [1.0], "b": [2.0]}))
    long = curves(plots.training_curves({"loss": np.linspace(1, 0, 10_000)}))["loss"]
    assert 10_000 / long.get_markevery() <= 20


def test_curves_differ_by_more_than_colour():
    lines = plots.training_curves({name: [1, 2] for name in "abcd"}, best="a").lines[:4]
    assert len({line.get_linestyle() for line in lines}) == len({line.get_marker() for line in lines}) == 4


@pytest.mark.parametrize(
    ("history", "best", "message"),
    [
        ({}, None, "history has no curve; give at least one"),
        ({"loss": 3.0}, None, r"curve 'loss' must be finite numbers of shape \(n_epochs,\), got shape \(\)"),
        ({"loss": []}, None, r"got shape \(0,\); keep one number per epoch"),
        ({"loss": [np.nan]}, None, "curve 'loss' must be finite numbers"),
        ({"a": [1.0], "b": [1.0]}, "c", "best='c' is none of the curves a, b"),
    ],
)
def test_says_what_it_cannot_draw(history, best, message):
    with pytest.raises(ValueError, match=message):
        plots.training_curves(history, best=best)
