from itertools import pairwise

import numpy as np
import pytest
import torch

from mmlearn_edu.networks import DenseNetwork


def test_by_hand():
    network = DenseNetwork((1, 2), 2, hidden=(2,))
    weights = {
        "body.1.0.weight": [[1.0, 0.0], [0.0, 1.0]], "body.1.0.bias": [0.0, -1.0],
        "head.weight": [[1.0, 2.0], [0.0, 1.0]], "head.bias": [0.5, 0.0],
    }  # fmt: skip
    network.load_state_dict({name: torch.tensor(values) for name, values in weights.items()})
    X = torch.tensor([[[1.0, -2.0]], [[0.0, 3.0]]])
    assert network.features(X).tolist() == [[1.0, 0.0], [0.0, 2.0]]  # relu(1), relu(-3); relu(0), relu(2)
    assert network(X).tolist() == [[1.5, 0.0], [4.5, 2.0]]


@pytest.mark.parametrize("sample_shape", [(1,), (7,), (3, 5), (2, 3, 4)])
@pytest.mark.parametrize("hidden", [(), (4,), (np.int64(6), 3)])
def test_any_shape_any_width(sample_shape, hidden):
    network = DenseNetwork(sample_shape, 3, hidden)
    widths = [int(np.prod(sample_shape)), *hidden, 3]
    learnt = sum((before + 1) * after for before, after in pairwise(widths))
    assert sum(weights.numel() for weights in network.parameters()) == learnt
    assert network(torch.zeros(2, *sample_shape)).shape == (2, 3)
    assert network.features(torch.zeros(2, *sample_shape)).shape == (2, widths[-2])


@pytest.mark.parametrize("sample_shape", [8, (0,), (2.5,), (8, None)])
def test_says_which_shapes_there_are(sample_shape):
    with pytest.raises(ValueError, match=r"sample_shape=.*, expected a tuple of whole numbers, 1 or more"):
        DenseNetwork(sample_shape, 2)
