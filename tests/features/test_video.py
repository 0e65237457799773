import numpy as np
import pytest

from mmlearn_edu.features import clip_features, motion_energy, velocity


def moving_square(dx, dy, n_frames=6, size=16, background=40):
    clip = np.full((n_frames, size, size), background, dtype=np.uint8)
    for t in range(n_frames):
        x, y = 6 + dx * (t - n_frames // 2), 6 + dy * (t - n_frames // 2)
        clip[t, y : y + 3, x : x + 3] = 220
    return clip


CLIPS = np.stack([moving_square(*step) for step in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]])


def test_energy_by_hand():
    energy = motion_energy(CLIPS)
    assert energy.shape == (5, 5)
    np.testing.assert_array_equal(energy[0], 0)
    # one column of 3 pixels lights up, one goes dark
    np.testing.assert_allclose(energy[1:], 6 * (220 - 40) / 255 / 256)


def test_energy_is_blind_to_time_running_backwards():
    clips = np.random.default_rng(0).random((3, 5, 4, 4))
    np.testing.assert_allclose(motion_energy(clips[:, ::-1]), motion_energy(clips)[:, ::-1])


def test_velocity_of_a_shifted_picture():
    y, x = np.mgrid[:24, :24]
    for dx, dy in [(0.5, 0.0), (0.0, -0.5), (0.3, 0.4), (0.0, 0.0)]:
        clip = [np.exp(-((x - 12 - dx * t) ** 2 + (y - 12 - dy * t) ** 2) / 18) for t in range(-2, 3)]
        np.testing.assert_allclose(velocity(np.array(clip)[None]), [[dx, dy]], atol=0.03)


def test_velocity_tells_which_way():
    still, right, left, down, up = velocity(CLIPS)
    np.testing.assert_array_equal(still, [0, 0])
    assert right[0] > 0.5
    assert down[1] > 0.5
    np.testing.assert_allclose([right[1], down[0]], 0, atol=1e-12)
    np.testing.assert_allclose([left, up], [-right, -down], atol=0.1)
    np.testing.assert_allclose(velocity(CLIPS[:, ::-1]), -velocity(CLIPS), atol=1e-12)


def test_features_hold_energy_and_mean_frame():
    out = clip_features(CLIPS, grid=2)
    np.testing.assert_allclose(out[:, 0], motion_energy(CLIPS).mean(axis=1))
    np.testing.assert_allclose(out[:, 1], motion_energy(CLIPS).std(axis=1))
    np.testing.assert_allclose(out[:, 2:4], velocity(CLIPS))
    np.testing.assert_allclose(out[:, 4:].mean(axis=1), CLIPS.mean(axis=(1, 2, 3)) / 255)


def test_bytes_and_shares_are_the_same_clip():
    np.testing.assert_allclose(clip_features(CLIPS), clip_features(CLIPS / 255))


def test_an_even_clip_is_finite():
    assert np.isfinite(clip_features(np.zeros((2, 3, 4, 4)))).all()


@pytest.mark.parametrize(
    ("clips", "message"),
    [
        (np.zeros((4, 8, 8)), r"\(n_clips, n_frames, height, width\) with 2 frames or more, got \(4, 8, 8\)"),
        (np.zeros((2, 1, 8, 8)), r"with 2 frames or more, got \(2, 1, 8, 8\)"),
        (np.full((2, 3, 8, 8), 200.0), r"floats in \[0, 1\], got float64 from 200\.0 to 200\.0; divide"),
        (np.full((2, 3, 8, 8), np.nan), "got float64 from nan to nan"),
    ],
)
def test_says_what_is_no_batch_of_clips(clips, message):
    for function in (motion_energy, clip_features):
        with pytest.raises(ValueError, match=message):
            function(clips)


def test_two_by_two_pixels_have_a_velocity():
    ramp = np.array([[0.2, 0.4], [0.2, 0.4]])
    np.testing.assert_allclose(velocity(np.stack([ramp, ramp - 0.1])[None]), [[0.5, 0]], atol=1e-12)


def test_velocity_needs_neighbours():
    with pytest.raises(ValueError, match=r"with 2 frames or more, got \(1, 1, 4, 4\)"):
        velocity(np.zeros((1, 1, 4, 4)))
    with pytest.raises(ValueError, match="frames of 2 x 2 pixels or more, got 1 x 9"):
        velocity(np.zeros((1, 3, 1, 9)))
