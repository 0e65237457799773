"""What chapter 04 claims: its article runs and sees blue for red, and its numbers hold on the versions we pin."""

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_sample_image
from sklearn.feature_extraction.image import extract_patches_2d
from sklearn.neighbors import NearestNeighbors

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.exercises.ch04_images import _closeness, flower
from mmlearn_edu.features import colour_histogram, flatten_images, image_patches, oriented_gradients, rgb_to_hsv
from mmlearn_edu.widgets import threshold_scores

SOURCE = (Path(__file__).parents[2] / "notebooks" / "source" / "04_images.py").read_text("utf-8")
SCENES = make_scenes(600)
SIX = ["red", "yellow", "green", "cyan", "blue", "magenta"]


@pytest.fixture(scope="module")
def broken():
    """The article's function, as the learner's cell has it."""
    scope = {"np": np, "extract_patches_2d": extract_patches_2d, "rgb_to_hsv": rgb_to_hsv}
    exec(stub_source(registry.get("images.fix_article")), scope)
    return scope["article_patches"]


@pytest.fixture(scope="module")
def mended():
    return registry.get("images.fix_article").reference


def middles(colours):
    """The 8 x 8 pixels in the middle of large shapes of these colours, blue first."""
    large, colour = SCENES.latents["size"] == "large", SCENES.latents["colour"]
    found = []
    for name in colours:
        i = np.flatnonzero(large & (colour == name))[0]
        x, y = SCENES.latents["x"][i], SCENES.latents["y"][i]
        found.append(SCENES.X["image"][i][y - 4 : y + 4, x - 4 : x + 4])
    return np.stack(found)[..., ::-1]


def named(hue):
    return [SIX[round(h * 6) % 6] for h in hue]


def test_the_first_line_of_the_article_fails_on_the_pinned_scikit_learn():
    with pytest.raises(ImportError, match="cannot import name 'extract_patches' from 'sklearn"):
        exec("from sklearn.feature_extraction.image import extract_patches")


def test_the_listing_of_section_2_does_what_the_exercise_does(broken):
    listing = re.findall(r"```python\n# (.*?)# ```", SOURCE, flags=re.DOTALL)[1]
    scope = {"np": np, "extract_patches_2d": extract_patches_2d, "rgb_to_hsv": rgb_to_hsv, "files": middles(SIX * 2)}
    exec(re.sub(r"^# ?", "", listing, flags=re.MULTILINE), scope)
    hue, source = broken(scope["files"], 8)
    np.testing.assert_array_equal(scope["hue"], hue)
    np.testing.assert_array_equal(scope["source"], source)


@pytest.mark.parametrize(("size", "n"), [(8, 7), (4, 3)])
def test_fewer_pictures_than_rows_of_a_patch_are_a_loud_fault(broken, size, n):
    with pytest.raises(ValueError, match="Height of the patch should be less than the height of the image"):
        broken(middles(["red"] * n), size)


def test_red_is_found_blue_and_green_comes_out_green(broken, mended):
    wrong = {"red": "blue", "yellow": "cyan", "green": "green", "cyan": "yellow", "blue": "red"}
    for name in SIX:
        copies = middles([name] * 8)
        assert set(named(mended(copies, 4)[0])) == {name}
        if name in wrong:
            assert set(named(broken(copies, 4)[0])) == {wrong[name]}


def test_a_patch_goes_through_several_pictures_and_has_a_source_all_the_same(broken, mended):
    files = middles(SIX * 2)
    assert extract_patches_2d(files, (4, 4)).shape == (45, 4, 4, 24)
    hue, source = broken(files, 4)
    assert len(hue) == len(source) == 45
    assert set(source.tolist()) == set(range(12))
    assert ((hue >= 0) & (hue <= 1)).all()
    right = [named(hue[source == k]) == [name] * (source == k).sum() for k, name in enumerate(SIX * 2)]
    assert not any(right), "no picture finds its own colour"
    hue, source = mended(files, 4)
    assert named(hue) == [name for name in SIX * 2 for _ in range(4)]
    np.testing.assert_array_equal(source, np.repeat(np.arange(12), 4))


def test_opencv_s_slice_for_one_picture_mirrors_a_stack():
    found = verdict_of(
        registry.get("images.fix_article"),
        lambda files, size: _hues(*image_patches(files[:, :, ::-1], size, size)),
        seed=0,
    )
    assert found.diagnosis[0] == "mirrored"


def _hues(patches, source):
    return rgb_to_hsv(patches.mean(axis=(1, 2)) / 255)[:, 0], source


def test_the_mean_hue_of_red_circles_is_cyan_and_their_direction_is_red():
    images, latents = SCENES.X["image"], SCENES.latents
    red = (latents["colour"] == "red") & (latents["shape"] == "circle") & (latents["size"] == "large")
    assert red.sum() > 3
    for image in images[red]:
        hsv = rgb_to_hsv(image)
        hues = hsv[..., 0][hsv[..., 1] > 0.5]
        assert 0.4 < hues.mean() < 0.6
        direction = np.angle(np.exp(2j * np.pi * hues).mean()) / (2 * np.pi)
        assert abs(direction) < 0.01


def found(X, label):
    nearest = NearestNeighbors(n_neighbors=1).fit(X).kneighbors(return_distance=False)[:, 0]
    return np.mean(label[nearest] == label)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
def test_forgetting_helps(seed):
    scenes = make_scenes(600, random_state=seed)
    images, colour, shape = scenes.X["image"], scenes.latents["colour"], scenes.latents["shape"]
    rng = np.random.default_rng(seed)
    shuffled = np.stack([rng.permutation(image.reshape(-1, 3)).reshape(32, 32, 3) for image in images])
    pixels, hues = flatten_images(images), colour_histogram(images, 12, "hsv")[:, :12]
    edges = oriented_gradients(images, 9, grid=1)
    assert 0.87 < found(pixels, colour) < 0.93, "nine cases of ten"
    assert 0.3 < found(pixels, shape) < 0.5, "fewer than half"
    assert found(hues, colour) > 0.995
    assert found(hues, shape) == pytest.approx(0.25, abs=0.05), "chance"
    assert found(edges, shape) > 0.9
    assert 0.25 < found(edges, colour) < 0.4, "a little, from the contrast"
    np.testing.assert_array_equal(colour_histogram(shuffled, 12, "hsv")[:, :12], hues)
    assert found(oriented_gradients(shuffled, 9, grid=1), shape) == pytest.approx(0.25, abs=0.06)
    assert found(flatten_images(shuffled), shape) == pytest.approx(0.25, abs=0.05)
    assert found(flatten_images(shuffled), colour) < 0.35


def test_a_red_circle_and_a_red_cross_have_the_same_hues():
    images, latents = SCENES.X["image"], SCENES.latents
    hues = colour_histogram(images, 12, "hsv")[:, :12]
    large_red = (latents["size"] == "large") & (latents["colour"] == "red")
    circle, cross = (hues[large_red & (latents["shape"] == kind)].mean(axis=0) for kind in ("circle", "cross"))
    np.testing.assert_allclose(circle, cross, atol=0.015)


def test_the_widget_s_flower_is_the_exercise_s():
    photograph, truth = flower()
    listing = re.search(r"^crop = .*?^gap = .*?\n", SOURCE, flags=re.DOTALL | re.MULTILINE)[0]
    scope = {"np": np, "photographs": {"flower": load_sample_image("flower.jpg")}, "rgb_to_hsv": rgb_to_hsv}
    exec(listing, scope | {"shares": registry.get("images.make_histogram").reference}, scope)
    np.testing.assert_array_equal(scope["crop"], photograph)
    np.testing.assert_array_equal(scope["truth"], truth)
    np.testing.assert_allclose(1 - 2 * np.minimum(scope["gap"], 1 - scope["gap"]), _closeness())


def test_every_threshold_between_the_hills_reaches_the_goal():
    thresholds = np.linspace(0, 1, 101)
    iou = threshold_scores(flower()[1].ravel(), _closeness().ravel(), thresholds)["iou"]
    assert (iou[(thresholds > 0.37) & (thresholds < 0.87)] >= 0.9).all()
    assert iou[thresholds < 0.35].max() < 0.9
    assert iou[thresholds > 0.88].max() < 0.9
