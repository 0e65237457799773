"""What chapter 07 claims: its article is blind in silence, torch is loud, and its numbers hold on pinned versions."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import clip_tensor, mean_frame, reverse_time, velocity
from mmlearn_edu.networks import NetworkClassifier, VideoCNN

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "07_video.py"
STEPS = {"left": (-3, 0), "right": (3, 0), "up": (0, -3), "down": (0, 3)}
NAMES = np.array(list(STEPS))
UPRIGHT = ["up", "down"]


@pytest.fixture(scope="module")
def broken():
    """The article's function, as the learner's cell has it."""
    scope = {"np": np}
    exec(stub_source(registry.get("video.fix_article")), scope)
    return scope["left_over"]


@pytest.fixture(scope="module")
def mended():
    return registry.get("video.fix_article").reference


def test_the_listing_of_section_2_chooses_by_what_the_exercise_computes(broken):
    (listing,) = re.findall(r"```python\n# (def direction.*?)# ```", SOURCE.read_text("utf-8"), flags=re.DOTALL)
    scope = {"np": np}
    exec(re.sub(r"^# ?", "", listing, flags=re.MULTILINE), scope)
    clips = make_scenes(40).X["clip"]
    steps = list(STEPS.values())
    np.testing.assert_array_equal(scope["direction"](clips, steps), broken(clips, steps).argmin(axis=1))


@pytest.mark.parametrize("seed", range(5))
def test_averaged_first_a_step_and_its_opposite_leave_the_same_and_twice_chance_is_scored(broken, mended, seed):
    scenes = make_scenes(300, random_state=seed)
    clips, motion = scenes.X["clip"], scenes.latents["motion"]
    rest = broken(clips, list(STEPS.values()))
    np.testing.assert_allclose(rest[:, 0], rest[:, 1], atol=1e-12)
    np.testing.assert_allclose(rest[:, 2], rest[:, 3], atol=1e-12)
    guess = NAMES[rest.argmin(axis=1)]
    assert np.all(np.isin(guess, UPRIGHT) == np.isin(motion, UPRIGHT)), "the axis survives"
    assert 0.4 < np.mean(guess == motion) < 0.6
    assert np.all(NAMES[mended(clips, list(STEPS.values())).argmin(axis=1)] == motion)


def test_the_cell_after_it_shows_two_equal_columns_to_four_places(broken, mended):
    clips = make_scenes(300, random_state=9).X["clip"][:3]
    shown = broken(clips, list(STEPS.values())).round(4)
    assert np.array_equal(shown[:, 0], shown[:, 1])
    assert np.array_equal(shown[:, 2], shown[:, 3])
    shown = mended(clips, list(STEPS.values())).round(4)
    assert np.all(np.sort(shown, axis=1)[:, 1] > 1.3 * shown.min(axis=1)), "mended, one step stands out"


def test_films_without_channels_are_a_loud_fault_but_for_a_batch_of_one():
    layer = torch.nn.Conv3d(1, 8, kernel_size=3)
    batch = torch.zeros(16, 8, 32, 32)
    with pytest.raises(RuntimeError, match=r"expected input\[1, 16, 8, 32, 32\] to have 1 channels, but got 16"):
        layer(batch)
    assert layer(batch[:, None]).shape == (16, 8, 6, 30, 30)
    assert layer(batch[:1]).shape == (8, 6, 30, 30), "read as one film of one channel, without a word"


def test_a_film_and_its_reverse_have_one_mean_frame():
    clips = make_scenes(50).X["clip"]
    np.testing.assert_allclose(mean_frame(clips), mean_frame(reverse_time(clips)), atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_two_numbers_name_the_direction_and_not_the_speed(seed):
    scenes = make_scenes(300, random_state=seed)
    v = velocity(scenes.X["clip"])
    named = registry.get("video.name_direction").reference(v)
    assert np.all(named == scenes.latents["motion"])
    assert 1.7 < np.abs(v).max(axis=1).mean() < 2.1, "they really go three pixels a frame"


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed else []) for seed in range(5)])
def test_only_the_order_tells_the_direction(seed):
    scenes = make_scenes(700, random_state=seed)
    films, motion = clip_tensor(scenes.X["clip"])[:, 0], scenes.latents["motion"]
    shuffled = registry.get("video.shuffle_time").reference(films, seed)

    def learnt(X):
        model = NetworkClassifier(VideoCNN, epochs=4, batch_size=16, learning_rate=0.02, random_state=seed)
        return model.fit(X[:500], motion[:500])

    whole = learnt(films)
    assert whole.score(films[500:], motion[500:]) > 0.99
    turned, relabelled = registry.get("video.play_backwards").reference(films[500:], motion[500:])
    assert whole.score(turned, relabelled) > 0.99
    assert whole.score(turned, motion[500:]) < 0.01
    guess = learnt(shuffled).predict(shuffled[500:])
    assert 0.35 < np.mean(guess == motion[500:]) < 0.6
    assert np.mean(np.isin(guess, UPRIGHT) == np.isin(motion[500:], UPRIGHT)) > 0.7, "most of the time the axis"
    pooled = np.repeat(mean_frame(films)[:, None], 2, axis=1)
    assert 0.4 < learnt(pooled).score(pooled[500:], motion[500:]) < 0.6
    one = np.repeat(films[:, :1], 2, axis=1)
    assert 0.15 < learnt(one).score(one[500:], motion[500:]) < 0.35


def test_the_notebook_opens_the_widget_with_the_film_of_the_exercise():
    cell = re.search(r'slug="widget"\n(.*?)\nwatching = ', SOURCE.read_text("utf-8"), flags=re.DOTALL).group(1)
    scope = {"np": np, "make_scenes": make_scenes, "reverse_time": reverse_time}
    exec(cell, scope)
    (case,) = registry.get("video.motion_end").cases(None, None)
    np.testing.assert_array_equal(scope["film"], case.kwargs["film"])
