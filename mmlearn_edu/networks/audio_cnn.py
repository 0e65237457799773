"""A small network for short sounds."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmlearn_edu.features import mel_filter_bank
from mmlearn_edu.networks._shapes import check_batch, check_sample_shape

__all__ = ["AudioCNN"]

N_FEATURES = 64
MOMENTUM = 0.2  # share of each new batch in the running averages: small data has few batches
QUIETEST = 1e-10  # power below this is silence; keeps the logarithm finite
RANGE_DB = 80.0  # what lies further below the loudest moment of a clip cannot be heard


class AudioCNN(nn.Module):
    r"""Turn a clip into its mel spectrogram, then look for short sounds in it wherever they are in time [1]_.

    The first three steps of MFCC are taken inside: power spectrogram, mel bands, decibels, with the loudest moment of
    each clip at 0 and nothing below -80 dB, so that the volume makes no difference. From there the network finds its
    own way, where MFCC goes on with a cosine transform that somebody chose. Convolution goes along time only: a word
    means the same when it comes later, not when every frequency is moved upwards.

    ================================  =======================  ==================================
    layer                             gives                    numbers to learn
    ================================  =======================  ==================================
    clip                              (n, n_samples)
    mel spectrogram, dB / 80          (n, 40, T)
    batch norm of every band          (n, 40, T)               80
    conv 3, batch norm, ReLU          (n, 64, T)               7744 + 128
    max pool 2                        (n, 64, T // 2)
    conv 3, batch norm, ReLU          (n, 64, T // 2)          12 352 + 128
    mean over time: *features*        (n, 64)
    linear                            (n, n_classes)           :math:`65 \, n_{\text{classes}}`
    ================================  =======================  ==================================

    Batch normalisation brings every band to mean 0 and variance 1, so that steady noise in a band counts for little.
    There are ``T = 1 + n_samples // hop_length`` moments; for ten classes that makes 21 082 numbers. One number of the
    last map hears 8 moments.

    Parameters
    ----------
    clip_shape : tuple of one int
        (n_samples,), at least ``3 * hop_length``.
    n_classes : int
    sampling_rate : float, default=8000
        In Hz; that of all sounds shipped here is `mmlearn_edu.datasets.SAMPLING_RATE`.
    n_fft, hop_length : int, default=512, 128
        Window and step of the spectrogram, in samples.
    n_mels : int, default=40

    Raises
    ------
    ValueError
        If clips have another shape or are too short, or `mel_filter_bank` refuses a setting.

    References
    ----------
    .. [1] Abdel-Hamid, O. et al. (2014). Convolutional neural networks for speech recognition. IEEE/ACM Trans. Audio,
       Speech, and Language Processing 22(10), 1533-1545.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import AudioCNN
    >>> network = AudioCNN((4000,), n_classes=10)
    >>> network.mel_spectrogram(torch.zeros(5, 4000)).shape, network.features(torch.zeros(5, 4000)).shape
    (torch.Size([5, 40, 32]), torch.Size([5, 64]))
    """

    bank: Tensor
    window: Tensor

    def __init__(
        self,
        clip_shape: Sequence[int],
        n_classes: int,
        sampling_rate: float = 8000,
        *,
        n_fft: int = 512,
        hop_length: int = 128,
        n_mels: int = 40,
    ) -> None:
        super().__init__()
        advice = "pad them with silence, or take a smaller hop_length"
        self.clip_shape = check_sample_shape(clip_shape, "clips", "(n_samples,)", (3 * hop_length,), advice)
        self.hop_length = hop_length
        # no weights, but they go along to the GPU and into a pickle
        bank = mel_filter_bank(sampling_rate, n_fft, n_mels)
        self.register_buffer("bank", torch.tensor(bank, dtype=torch.float32))
        self.register_buffer("window", torch.hann_window(n_fft))
        self.body = nn.Sequential(
            nn.BatchNorm1d(n_mels, momentum=MOMENTUM),
            *_convolution(n_mels, N_FEATURES),
            nn.MaxPool1d(2),
            *_convolution(N_FEATURES, N_FEATURES),
        )
        self.head = nn.Linear(N_FEATURES, n_classes)

    def mel_spectrogram(self, X: Tensor) -> Tensor:
        """Return the loudness of bands: (n, n_samples) -> (n, n_mels, T), from -1 (80 dB below) to 0 (the loudest)."""
        check_batch(X, self.clip_shape, "clips")
        spectrum = torch.stft(
            X, len(self.window), self.hop_length, window=self.window, pad_mode="constant", return_complex=True
        )
        loudness = 10 * torch.log10((self.bank @ spectrum.abs() ** 2).clamp_min(QUIETEST))
        below = loudness - loudness.amax(dim=(1, 2), keepdim=True)
        return below.clamp_min(-RANGE_DB) / RANGE_DB

    def features(self, X: Tensor) -> Tensor:
        """Average every map over time: (n, n_samples) -> (n, 64), 0 or more."""
        return self.body(self.mel_spectrogram(X)).mean(dim=2)

    def forward(self, X: Tensor) -> Tensor:
        """Score every class: (n, n_samples) -> (n, n_classes), before the softmax."""
        return self.head(self.features(X))


def _convolution(n_in: int, n_out: int) -> list[nn.Module]:
    return [nn.Conv1d(n_in, n_out, kernel_size=3, padding=1), nn.BatchNorm1d(n_out, momentum=MOMENTUM), nn.ReLU()]
