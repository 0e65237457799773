"""The order that the example claims, for one seed, few scenes and few epochs."""


def test_two_towers_stand_between_chance_and_the_ceiling(example):
    retrieval = example("retrieval_ceiling")
    found = retrieval.recalls(seed=0, n_learnt=700, epochs=8)
    assert found["exact ceiling of R@1"] == 0.072
    assert 0.01 < found["image to text, R@1"] < found["exact ceiling of R@1"]
    assert found["partners shuffled while learning: R@1"] < 0.004
    assert set(found) == set(retrieval.TARGETS)
