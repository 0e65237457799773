"""The order that the example claims, for one seed."""


def test_a_random_split_flatters_every_model(example):
    found = example("writers_leak").accuracies(seed=0)
    assert len(found) == 3
    for scores in found.values():
        assert scores["random split"] > scores["writers kept apart"] + 0.01
        assert scores["difference"] == scores["random split"] - scores["writers kept apart"]
