import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from torch.nn import functional

from mmlearn_edu.networks import ImageCNN, NetworkClassifier, device, seeded


def network(image_shape=(8, 8), n_classes=10):
    with seeded(0):
        return ImageCNN(image_shape, n_classes).eval()


def by_formula(net, X):
    """The same in single steps of torch, with the weights taken out one by one."""
    weights = dict(net.state_dict())

    def step(X, i):
        X = functional.conv2d(X, weights[f"body.{i}.weight"], weights[f"body.{i}.bias"], padding=1)
        mean, variance, scale, offset = (
            weights[f"body.{i + 1}.{name}"][:, None, None] for name in ("running_mean", "running_var", "weight", "bias")
        )
        return ((X - mean) / (variance + 1e-5).sqrt() * scale + offset).clamp_min(0)

    X = functional.max_pool2d(step(step(X, 0), 3), 2)
    Z = step(step(X, 7), 10).mean(dim=(2, 3))
    return Z @ weights["head.weight"].T + weights["head.bias"]


@pytest.mark.parametrize("image_shape", [(8, 8), (5, 7, 3), (4, 4), (9, 4, 1), (32, 33, 2)])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
def test_agrees_with_the_formula(image_shape, dtype, tolerance):
    net = network(image_shape).to(dtype)
    with seeded(1), torch.no_grad():
        net.train()(torch.rand(20, *image_shape, dtype=dtype))  # so that the running means are not 0
        X = torch.rand(3, *image_shape, dtype=dtype)
        net.eval()
        expected = by_formula(net, X[:, None] if len(image_shape) == 2 else X.permute(0, 3, 1, 2))
        torch.testing.assert_close(net(X), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("image_shape", "maps"), [((8, 8), (4, 4)), ((9, 5), (4, 2)), ((4, 11, 3), (2, 5))])
def test_its_layers_have_the_shapes_the_docstring_says(image_shape, maps):
    net, X = network(image_shape), torch.zeros(2, *image_shape)
    assert net.maps(X).shape == (2, 64, *maps)
    assert net.features(X).shape == (2, 64)
    assert net(X).shape == (2, 10)
    channels = image_shape[2] if len(image_shape) == 3 else 1
    learnt = (9 * channels + 1) * 16 + 32 + 4640 + 64 + 18496 + 128 + 36928 + 128 + 65 * 10
    assert sum(weights.numel() for weights in net.parameters()) == learnt
    assert channels > 1 or learnt == 61226


def test_one_number_of_the_last_map_sees_14_pixels():
    net = network((40, 40)).double()
    X = torch.rand(1, 40, 40, dtype=torch.float64, requires_grad=True)
    net.body[:-1](X[:, None])[0, :, 10, 10].sum().backward()  # before the ReLU, which may be 0
    rows, columns = np.nonzero(X.grad[0].numpy())
    assert np.ptp(rows) + 1 == np.ptp(columns) + 1 == 14


@pytest.mark.parametrize("seed", range(5))
def test_learns_true_classes_and_no_shuffled_ones(seed):
    digits = load_digits(n_class=4)
    X, y = digits.images / 16, digits.target
    rng = np.random.default_rng(seed)
    here, there = np.split(rng.permutation(len(X)), [300])
    model = NetworkClassifier(ImageCNN, epochs=4, batch_size=16, random_state=seed)
    assert model.fit(X[here], y[here]).score(X[there], y[there]) > 0.9
    shuffled = model.fit(X[here], rng.permutation(y[here])).predict_proba(X[there])
    assert log_loss(y[there], shuffled) > 0.85 * np.log(4)  # chance; by accuracy, a few groups may be guessed right


def test_it_finds_patterns_wherever_they_are():
    """A bar that lies or stands, at places never seen: the dense network has only learnt places."""
    X = np.zeros((2, 10, 10, 12, 12), dtype=np.float32)
    for place in range(10):
        for along in range(10):
            X[0, place, along, place + 1, along : along + 3] = 1
            X[1, place, along, along : along + 3, place + 1] = 1
    seen, new = X[:, :5].reshape(-1, 12, 12), X[:, 5:].reshape(-1, 12, 12)
    y = np.repeat(["lies", "stands"], 50)
    settings = {"epochs": 12, "batch_size": 16, "random_state": 0}
    assert NetworkClassifier(ImageCNN, **settings).fit(seen, y).score(new, y) > 0.95
    assert NetworkClassifier(**settings).fit(seen, y).score(new, y) < 0.6


def test_the_device_gives_the_numbers_of_the_cpu():
    net, X = network(), torch.rand(4, 8, 8)
    with torch.no_grad():
        here = net(X)
        there = net.to(device())(X.to(device())).cpu()
    torch.testing.assert_close(there, here, rtol=1e-3, atol=1e-3)  # a GPU may multiply with ten bits


@pytest.mark.parametrize(
    ("image_shape", "words"),
    [
        ((3, 8), r"images of shape \(3, 8\) are too small, at least \(4, 4\) is needed; enlarge them, or take Dense"),
        ((8, 3, 3), r"images of shape \(8, 3, 3\) are too small"),
        ((64,), r"images of shape \(64,\), expected \(height, width\) or \(height, width, channels\)"),
        ((8, 8, 3, 3), "expected \\(height, width\\)"),
        ((8, 0), r"shape of images=\(8, 0\), expected a tuple of whole numbers"),
    ],
)
def test_says_which_images_it_takes(image_shape, words):
    with pytest.raises(ValueError, match=words):
        ImageCNN(image_shape, 2)


def test_says_which_batch_it_takes():
    with pytest.raises(ValueError, match=r"expected images of shape \(n, 8, 8\), got \(2, 8, 8, 3\)"):
        network()(torch.zeros(2, 8, 8, 3))
    with pytest.raises(ValueError, match=r"images of shape \(64,\), expected \(height, width\)"):
        NetworkClassifier(ImageCNN).fit(load_digits().data, load_digits().target)
