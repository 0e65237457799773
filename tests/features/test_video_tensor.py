import numpy as np
import pytest
import torch

from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import clip_tensor, frame_differences, mean_frame, reverse_time, velocity


def bytes_of(shape):
    return np.random.default_rng(0).integers(0, 256, size=shape, dtype=np.uint8)


@pytest.mark.parametrize("shape", [(2, 4, 5, 6), (2, 4, 5, 6, 3), (1, 1, 1, 1)], ids=["grey", "colour", "one pixel"])
def test_tensor_agrees_with_torch(shape):
    clips = bytes_of(shape)
    frames = torch.from_numpy(clips if len(shape) == 5 else clips[..., None])
    expected = torch.einsum("nthwc->ncthw", frames.float().div(255))  # what torchvision's to_tensor does to a picture
    for given, tolerance in ((clips, 0), (clips / 255, 1e-7), ((clips / 255).astype(np.float32), 1e-7)):
        tensor = clip_tensor(given)
        assert (tensor.dtype, tensor.flags.c_contiguous, tensor.flags.owndata) == (np.float32, True, True)
        np.testing.assert_allclose(tensor, expected, atol=tolerance)


def test_tensor_goes_into_a_convolution():
    clips = make_scenes(2).X["clip"]
    assert torch.nn.Conv3d(1, 4, 3)(torch.from_numpy(clip_tensor(clips))).shape == (2, 4, 6, 30, 30)
    floats = clips / np.float32(255)
    before = floats.copy()
    torch.from_numpy(clip_tensor(floats)).zero_()  # nobody else's memory
    np.testing.assert_array_equal(floats, before)


def test_reversed_clips_move_the_other_way():
    data = make_scenes(40)
    clips, motion = data.X["clip"], data.latents["motion"]
    backwards = reverse_time(clips)
    assert backwards.dtype == np.uint8
    np.testing.assert_array_equal(reverse_time(backwards), clips)
    np.testing.assert_allclose(velocity(backwards), -velocity(clips), atol=1e-12)
    to_the_right = velocity(clips)[:, 0]
    assert to_the_right[motion == "right"].mean() > 0 > to_the_right[motion == "left"].mean()
    torch.from_numpy(backwards)  # a view that runs backwards would be refused
    np.testing.assert_array_equal(clip_tensor(backwards), clip_tensor(clips)[:, :, ::-1])


def test_differences_agree_with_a_loop_and_undo_the_sum():
    clips = bytes_of((3, 5, 4, 6))
    differences = frame_differences(clips)
    for i, t in np.ndindex(3, 4):
        np.testing.assert_allclose(differences[i, t] * 255, clips[i, t + 1].astype(int) - clips[i, t], atol=1e-12)
    np.testing.assert_allclose(clips[:, 0] / 255 + differences.sum(axis=1), clips[:, -1] / 255, atol=1e-12)
    np.testing.assert_allclose(frame_differences(reverse_time(clips)), -differences[:, ::-1])
    assert frame_differences(np.zeros((1, 2, 3, 3), dtype=np.float32)).dtype == np.float32


def test_the_mean_frame_does_not_know_the_order():
    clips = bytes_of((3, 5, 4, 6))
    np.testing.assert_allclose(mean_frame(clips), clips.mean(axis=1) / 255)
    shuffled = clips[:, np.random.default_rng(1).permutation(5)]
    np.testing.assert_allclose(mean_frame(shuffled), mean_frame(clips))
    np.testing.assert_array_equal(mean_frame(clips[:, :1]), clips[:, 0] / 255)
    assert mean_frame((clips / 255).astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("function", [clip_tensor, reverse_time])
@pytest.mark.parametrize(
    ("clips", "message"),
    [
        (np.zeros((8, 16, 16)), r"got \(8, 16, 16\); for a single clip write clip\[None\]"),
        (np.zeros((2, 3, 8, 16, 16)), r"or \(n_clips, n_frames, height, width, 3\), got \(2, 3, 8, 16, 16\)"),
        (np.full((2, 8, 4, 4), 200.0), "divide by the largest possible value first"),
        (np.full((2, 8, 4, 4), np.nan), "got float64 from nan to nan"),
        (np.zeros((0, 8, 4, 4)), r"got an array of shape \(0, 8, 4, 4\)"),
        ([np.zeros((8, 4, 4)), np.zeros((7, 4, 4))], "the pictures differ in size"),
    ],
)
def test_says_what_is_no_batch_of_clips(function, clips, message):
    with pytest.raises(ValueError, match=message):
        function(clips)


def test_says_how_many_frames_there_must_be():
    one = np.zeros((2, 1, 4, 4))
    with pytest.raises(ValueError, match=r"with 2 frames or more, got \(2, 1, 4, 4\)"):
        frame_differences(one)
    with pytest.raises(ValueError, match=r"\(n_clips, n_frames, height, width\), got \(2, 0, 4, 4\)"):
        mean_frame(np.zeros((2, 0, 4, 4)))
    with pytest.raises(ValueError, match=r"\(n_clips, n_frames, height, width\), got \(2, 3, 0, 4\)"):
        mean_frame(np.zeros((2, 3, 0, 4)))
    assert not mean_frame(one).any()
    assert mean_frame([[[[0.5]]]]) == 0.5
