"""The order that the example claims, for one seed."""


def test_deep_cca_beats_the_pixels_and_linear_cca_does_not(example):
    found = example("noisy_digits").accuracies(seed=0, n_copies=2)
    assert found["CCA"] < found["X1"] < found["DCCA"] - 0.03


def test_a_row_for_every_figure(example, monkeypatch):
    digits = example("noisy_digits")
    monkeypatch.setattr(digits, "accuracies", lambda seed, n_copies: {"X1": 0.8, "CCA": 0.7, "DCCA": 0.9 + seed / 100})
    table = digits.rows(range(2))
    assert len(table) == 12
    assert table[2] == ("1 pair per digit: DCCA", 0.838, [0.9, 0.91])
    assert table[-1][0] == "5 pairs per digit: DCCA minus X1"
