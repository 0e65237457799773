"""The order that the example claims, for one seed."""


def test_only_the_combination_tells(example):
    found = example("xor_of_modalities").accuracies(seed=0, n_samples=1500)
    *below, perceptron, colour, tone = found.values()
    assert all(0.43 < accuracy < 0.57 for accuracy in below)  # chance is 0.5
    assert perceptron > 0.9
    assert min(colour, tone) > 0.97
