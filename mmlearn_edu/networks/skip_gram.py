"""Words as vectors, learnt by guessing who stands near whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mmlearn_edu.networks._fit import build_and_train
from mmlearn_edu.networks._guards import check_counts
from mmlearn_edu.networks.negative_sampling import negative_sampling_loss
from mmlearn_edu.representations import WordVectors
from mmlearn_edu.representations.cooccurrence import check_window, neighbours

__all__ = ["SkipGram", "TwoTables"]

FLATTER = 0.75  # rare words are drawn a little more often than they occur, frequent ones less


class SkipGram(WordVectors):
    r"""Learn a short vector for every word by guessing its neighbours: skip-gram with negative sampling [1]_.

    Every word has two vectors, :math:`v` as the word in the middle and :math:`u` as a neighbour. For each pair of words
    that stand near each other, `negative_sampling_loss` pulls the neighbour's u towards v, and pushes away the u of a
    few words drawn at random, in proportion to their frequency to the power 3/4. What is kept is v. Without saying so,
    it factors the same matrix that `WordVectors` counts and shortens [2]_.

    All but the learning is that of `WordVectors`: words in, ``transform`` for texts, ``nearest`` for words.

    Parameters
    ----------
    n_components : int, default=50
        Length of a vector.
    window : int, default=2
        How many words away a neighbour may be.
    min_count : int, default=1
        Leave out words that the training texts have fewer times than this.
    negatives : int, default=5
        Words drawn at random for each pair.
    token_pattern : str, default: ``r"\w+"``
        Regular expression of one word, matched in the lower-cased text.
    epochs : int, default=10
        The most there will be; see `train` for this and the next four. A row is a pair of neighbours.
    batch_size : int, default=1024
    learning_rate : float, default=0.01
    validation_share : float in [0, 1), default=0.1
    patience : int, default=3
    random_state : int, RandomState or None, default=None
        Decides first weights, held-out pairs, batches and the words drawn.
    verbose : bool, default=False

    Attributes
    ----------
    vectors_ : ndarray of shape (n_words, n_components)
        The vectors v, float64. A word that has no neighbour has a vector of zeros.
    vocabulary_ : dict of str to int
        Row of every word, in alphabetical order.
    network_ : torch.nn.Module
        With its tables ``centre`` (v) and ``context`` (u), on the CPU wherever it was trained.
    history_ : History
        Mean loss by epoch, in nats per pair; :math:`(K + 1) \log 2` before anything is learnt.

    References
    ----------
    .. [1] Mikolov, T., Sutskever, I., Chen, K., Corrado, G. and Dean, J. (2013). Distributed representations of words
       and phrases and their compositionality. NeurIPS 26.
    .. [2] Levy, O. and Goldberg, Y. (2014). Neural word embedding as implicit matrix factorization. NeurIPS 27.

    Examples
    --------
    >>> from mmlearn_edu.networks import SkipGram
    >>> texts = ["the cat drinks milk", "the dog drinks milk"] * 50
    >>> texts += ["a car needs fuel", "a truck needs fuel"] * 50
    >>> words = SkipGram(10, batch_size=64, random_state=0).fit(texts)
    >>> words.nearest("cat", k=1)[0][0]  # though the two never meet
    'dog'
    """

    def __init__(
        self,
        n_components: int = 50,
        *,
        window: int = 2,
        min_count: int = 1,
        negatives: int = 5,
        token_pattern: str = r"\w+",
        epochs: int = 10,
        batch_size: int = 1024,
        learning_rate: float = 0.01,
        validation_share: float = 0.1,
        patience: int = 3,
        random_state: int | np.random.RandomState | None = None,
        verbose: bool = False,
    ) -> None:
        super().__init__(n_components, window=window, min_count=min_count, token_pattern=token_pattern)
        self.negatives = negatives
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_share = validation_share
        self.patience = patience
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Iterable[str], y: Any = None) -> SkipGram:
        """Learn the vectors from texts `X`; `y` is ignored.

        Raises
        ------
        TypeError
            If `X` is a single text or holds something that is no text, or `window` is no whole number.
        ValueError
            If a setting is out of range, no word is left, or no two words stand near each other.
        """
        check_counts(n_components=self.n_components, negatives=self.negatives)
        check_window(self.window)
        documents = self._tokens(X)
        self.vocabulary_ = self._choose(Counter(chain.from_iterable(documents)), len(documents))
        pairs = self._pairs(documents)
        n_met = np.bincount(pairs[:, 1], minlength=len(self.vocabulary_))
        self.network_, self.history_ = build_and_train(
            self, lambda: TwoTables(n_met, self.n_components), self._loss, *pairs.T
        )
        self.vectors_ = self.network_.centre.weight.detach().numpy().astype(np.float64) * (n_met > 0)[:, None]
        self._n_features_out = self.n_components
        return self

    def _pairs(self, documents: list[list[str]]) -> NDArray[np.intp]:
        """List who stands near whom, both ways: (n_pairs, 2), a word and its neighbour."""
        found = [np.stack(pair, axis=1) for pair in neighbours(documents, self.window, self.vocabulary_)]
        one_way = np.concatenate(found)
        if len(one_way) == 0:
            raise ValueError(
                f"no two of the {len(self.vocabulary_)} words stand within window={self.window} of each other; "
                "give longer texts"
            )
        return np.concatenate([one_way, one_way[:, ::-1]])

    def _loss(self, network: TwoTables, centre: Tensor, context: Tensor) -> Tensor:
        drawn = torch.multinomial(network.frequency, len(centre) * self.negatives, replacement=True)
        noise = network.context(drawn.view(len(centre), self.negatives))
        return negative_sampling_loss(network.centre(centre), network.context(context), noise)


class TwoTables(nn.Module):
    """Two vectors for every word: ``centre``, small and random at first, and ``context``, at first zeros [1]_.

    References
    ----------
    .. [1] The first weights are those of the word2vec program by Mikolov et al. (2013).
    """

    frequency: Tensor

    def __init__(self, n_met: NDArray[np.intp], n_components: int) -> None:
        super().__init__()
        self.centre = nn.Embedding(len(n_met), n_components)
        self.context = nn.Embedding(len(n_met), n_components)
        nn.init.uniform_(self.centre.weight, -0.5 / n_components, 0.5 / n_components)
        nn.init.zeros_(self.context.weight)
        self.register_buffer("frequency", torch.tensor(n_met**FLATTER, dtype=torch.float32))

    def forward(self, words: Tensor) -> Tensor:
        """Score every word as a neighbour of `words`: (n,) -> (n, n_words), the dot products."""
        return self.centre(words) @ self.context.weight.T
