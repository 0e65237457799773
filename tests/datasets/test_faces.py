"""Drawn faces: every trait shows, each where it should, and light, tilt and blur are what they say."""

import numpy as np
import pytest
from scipy import ndimage

from mmlearn_edu.datasets import _faces
from mmlearn_edu.datasets._faces import draw_faces
from mmlearn_edu.datasets._heads import SKINS
from mmlearn_edu.datasets._persons import CHOICES, FACE, FACE_TAKE, draw

PLAIN = dict.fromkeys([*FACE, *FACE_TAKE], 0) | {
    "skin": 2, "head_width": 126, "head_height": 160, "jaw": 30, "chin": 15, "eye_distance": 54, "eye_size": 28,
    "eye_height": -15, "brow_height": 52, "brow_thickness": 9, "nose_length": 55, "nose_width": 22, "mouth_height": 85,
    "mouth_width": 50, "lips": 10, "ears": 24, "zoom": 1000, "lids": 100, "brightness": 1000, "smile": 30,
    "hair_style": CHOICES["hair_style"].index("short"),
}  # fmt: skip


def code(**traits):
    """Return plain faces, with some traits changed: a number, a value to choose, or a list of these."""
    n = max([len(values) for values in traits.values() if isinstance(values, list)], default=1)
    columns = {}
    for name, value in {**PLAIN, **traits}.items():
        values = value if isinstance(value, list) else [value] * n
        columns[name] = np.array([CHOICES[name].index(v) if isinstance(v, str) else v for v in values])
    return columns


def face(**traits):
    return draw_faces(code(**traits)).astype(int)


def ends(name):
    values = {**FACE, **FACE_TAKE}[name]
    return [*dict.fromkeys(values)] if isinstance(values, list) else [*values]


@pytest.mark.parametrize("trait", [*FACE, *FACE_TAKE])
def test_every_value_shows(trait):
    seen = face(**{trait: ends(trait)}, **({"eyewear": "round"} if trait == "glare" else {}))
    apart = np.abs(seen[:, None] - seen[None]).sum(axis=(2, 3, 4)) + 10_000 * np.eye(len(seen))
    assert apart.min() > 60, "two values give the same picture"


@pytest.mark.parametrize("trait", ["skin", "hair_colour", "eye_colour", "wall", "shirt"])
def test_every_colour_is_another(trait):
    values = {**FACE, **FACE_TAKE}[trait]
    n = len(values) if isinstance(values, list) else values[1] + 1
    seen = face(**{trait: [*range(n)]})
    assert len(np.unique(seen.reshape(n, -1), axis=0)) == n


def test_a_plain_face_is_symmetric():
    seen = face(hair_style=["short", "fringe", "curly", "bun", "bald"], eyewear="square", beard="full")
    np.testing.assert_allclose(seen, seen[:, :, ::-1], atol=1)


def test_the_forehead_has_the_colour_of_the_skin_and_the_corner_that_of_the_wall():
    seen = face(hair_style="bald", skin=[0, 7], wall=[3, 4])
    np.testing.assert_array_equal(seen[:, 14, 24], [SKINS[0], SKINS[7]])
    np.testing.assert_array_equal(seen[:, 0, 0], [_faces.WALLS[3], _faces.WALLS[4]])


def test_skins_go_from_light_to_dark():
    assert (np.diff(face(hair_style="bald", skin=[*range(8)])[:, 14, 24].sum(axis=1)) < 0).all()


def test_the_head_is_as_wide_and_as_high_as_it_says():
    seen = face(hair_style="bald", ears=1, head_width=[112, 142], head_height=[145, 175])
    painted = (seen != _faces.WALLS[0]).any(axis=3)
    np.testing.assert_allclose(painted[:, 24].sum(axis=1), 2 * np.array([11.2, 14.2]), atol=2)
    np.testing.assert_allclose(24.5 - painted[:, :, 24].argmax(axis=1), [14.5, 17.5], atol=1)


def test_zoom_makes_the_head_larger_and_a_chin_narrows_it_below_only():
    seen = face(hair_style="bald", ears=1, zoom=[900, 1000, 1100, 1000], chin=[0, 0, 0, 30])
    painted = (seen != _faces.WALLS[0]).any(axis=3)
    np.testing.assert_allclose(painted[:3, 24].sum(axis=1), 25.9 * np.array([0.9, 1, 1.1]), atol=1.8)
    np.testing.assert_array_equal(painted[3, :25], painted[1, :25])
    assert painted[3, 34].sum() < painted[1, 34].sum() - 2


def test_brightness_is_a_factor():
    dark, bright = face(brightness=[500, 1000], hair_style="bald")
    np.testing.assert_allclose(dark, bright / 2, atol=0.51)


def test_warmth_moves_red_against_blue_and_side_light_left_against_right():
    cold, plain, warm = face(warmth=[-100, 0, 100], brightness=800)
    assert (warm[..., 0] >= plain[..., 0]).all()
    assert (warm[..., 2] <= plain[..., 2]).all()
    np.testing.assert_array_equal(cold[..., 1], warm[..., 1])
    lit = face(side_light=200, brightness=800)[0] - plain
    assert lit[:, :20].max() <= 0 <= lit[:, 28:].min()


@pytest.mark.parametrize(("blur", "passes"), [("little", 1), ("much", 2)])
def test_blur_is_a_mean_of_neighbours(blur, passes):
    expected = face()[0].astype(float)
    for _ in range(passes):
        for axis in (0, 1):
            expected = ndimage.correlate1d(expected, np.array([1, 2, 1]) / 4, axis=axis, mode="nearest")
    np.testing.assert_allclose(face(blur=blur)[0], expected, atol=0.51 * passes)


def test_shift_moves_everything_but_the_wall():
    still, moved = face(shift_x=[0, 20], shift_y=[0, 30], hair_style="fringe")
    np.testing.assert_array_equal(moved[3:, 2:], still[:-3, :-2])


def test_tilt_turns_the_head_by_twice_the_angle_of_its_tangent():
    upright, tilted = face(tilt=[0, 150], hair_style="long")
    angle = np.degrees(2 * np.arctan(0.150))
    # without the first row, the middle of the head (row 24.5) is the middle of the picture
    turned = ndimage.rotate(upright[1:].astype(float), -angle, reshape=False, order=1)
    on, off = (np.abs(tilted[1:] - other)[14:34, 14:34].mean() for other in (turned, upright[1:]))
    assert on < off / 2


def test_a_scarf_hides_the_mouth_and_a_hat_the_hair():
    for cover, trait, ways in [("scarf", "mouth_width", [34, 66]), ("hat", "hair_colour", ["black", "blond"])]:
        seen = face(**{trait: ways, "cover": cover, "hair_style": "parted"})
        bare = face(**{trait: ways, "hair_style": "parted"})
        assert np.abs(np.diff(seen, axis=0)).sum() < 0.35 * np.abs(np.diff(bare, axis=0)).sum()


def test_glasses_with_glare_hide_the_eyes():
    differences = [np.abs(np.diff(face(eye_colour=["brown", "blue"], eyewear=w, glare=g), axis=0)).sum()
                   for w, g in [("none", "glare"), ("round", "none"), ("round", "glare")]]  # fmt: skip
    assert differences[0] > differences[1] > 1.5 * differences[2]


def test_how_many_are_drawn_at_a_time_does_not_matter(monkeypatch):
    many = draw({**FACE, **FACE_TAKE}, 40, np.random.RandomState(0))
    together = draw_faces(many)
    monkeypatch.setattr(_faces, "FACES_AT_A_TIME", 7)
    np.testing.assert_array_equal(draw_faces(many), together)
