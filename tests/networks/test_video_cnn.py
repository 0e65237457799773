import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss
from torch.nn import functional

from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.networks import NetworkClassifier, VideoCNN, device, seeded


def network(clip_shape=(8, 32, 32), n_classes=4):
    with seeded(0):
        return VideoCNN(clip_shape, n_classes).eval()


def by_formula(net, X):
    """The same in single steps of torch, with the weights taken out one by one."""
    weights = dict(net.state_dict())
    for i in (0, 3):
        X = functional.conv3d(X, weights[f"body.{i}.weight"], weights[f"body.{i}.bias"], stride=(1, 2, 2), padding=1)
        mean, variance, scale, offset = (
            weights[f"body.{i + 1}.{name}"][:, None, None, None]
            for name in ("running_mean", "running_var", "weight", "bias")
        )
        X = ((X - mean) / (variance + 1e-5).sqrt() * scale + offset).clamp_min(0)
    return X.mean(dim=(2, 3, 4)) @ weights["head.weight"].T + weights["head.bias"]


@pytest.mark.parametrize("clip_shape", [(8, 32, 32), (2, 4, 4), (3, 5, 9, 3)])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
def test_agrees_with_the_formula(clip_shape, dtype, tolerance):
    net = network(clip_shape).to(dtype)
    with seeded(1), torch.no_grad():
        net.train()(torch.rand(9, *clip_shape, dtype=dtype))  # so that the running means are not 0
        X = torch.rand(3, *clip_shape, dtype=dtype)
        net.eval()
        expected = by_formula(net, X[:, None] if len(clip_shape) == 3 else X.permute(0, 4, 1, 2, 3))
        torch.testing.assert_close(net(X), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    ("clip_shape", "maps"), [((8, 32, 32), (8, 8, 8)), ((2, 4, 7), (2, 1, 2)), ((5, 9, 13, 3), (5, 3, 4))]
)
def test_its_layers_have_the_shapes_the_docstring_says(clip_shape, maps):
    net, X = network(clip_shape), torch.zeros(2, *clip_shape)
    assert net.maps(X).shape == (2, 16, *maps)
    assert net.features(X).shape == (2, 16)
    assert net(X).shape == (2, 4)
    channels = clip_shape[3] if len(clip_shape) == 4 else 1
    learnt = (27 * channels + 1) * 8 + 16 + 3472 + 32 + 17 * 4
    assert sum(weights.numel() for weights in net.parameters()) == learnt


def test_one_number_of_the_last_map_sees_5_frames_of_7_pixels():
    net = network((12, 32, 32)).double()
    X = torch.rand(1, 12, 32, 32, dtype=torch.float64, requires_grad=True)
    net.body[:-1](X[:, None])[0, :, 6, 4, 4].sum().backward()
    seen = np.nonzero(X.grad[0].numpy())
    assert [np.ptp(axis) + 1 for axis in seen] == [5, 7, 7]


@pytest.mark.parametrize("seed", range(5))
def test_tells_left_from_right_and_no_shuffled_classes(seed):
    scenes = make_scenes(600, random_state=seed)
    motion = scenes.latents["motion"]
    across = np.isin(motion, ["left", "right"])
    X, y = scenes.X["clip"][across] / 255, motion[across]
    cut = 2 * len(X) // 3
    model = NetworkClassifier(VideoCNN, epochs=5, batch_size=16, learning_rate=0.02, random_state=seed)
    assert model.fit(X[:cut], y[:cut]).score(X[cut:], y[cut:]) > 0.9
    shuffled = np.random.default_rng(seed).permutation(y[:cut])
    if seed == 0:  # one is enough: it takes as long
        guessed = model.fit(X[:cut], shuffled).predict_proba(X[cut:])
        assert log_loss(y[cut:], guessed) > 0.85 * np.log(2)  # chance; by accuracy, two groups may be guessed right


def test_the_device_gives_the_numbers_of_the_cpu():
    net, X = network(), torch.rand(4, 8, 32, 32)
    with torch.no_grad():
        here = net(X)
        there = net.to(device())(X.to(device())).cpu()
    torch.testing.assert_close(there, here, rtol=1e-3, atol=1e-3)  # a GPU may multiply with ten bits


@pytest.mark.parametrize(
    ("clip_shape", "words"),
    [
        ((1, 32, 32), r"clips of shape \(1, 32, 32\) are too small, at least \(2, 4, 4\) .* one frame has no motion"),
        ((8, 3, 32), r"clips of shape \(8, 3, 32\) are too small"),
        ((32, 32), r"clips of shape \(32, 32\), expected \(frames, height, width\) or"),
        ((8, 32, 32.0), r"shape of clips=.*, expected a tuple of whole numbers"),
    ],
)
def test_says_which_clips_it_takes(clip_shape, words):
    with pytest.raises(ValueError, match=words):
        VideoCNN(clip_shape, 2)


def test_says_which_batch_it_takes():
    with pytest.raises(ValueError, match=r"expected clips of shape \(n, 8, 32, 32\), got \(2, 1, 8, 32, 32\)"):
        network()(torch.zeros(2, 1, 8, 32, 32))
