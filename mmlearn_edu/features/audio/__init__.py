"""Sound to windows, frequencies, mel bands and cepstral coefficients."""

from mmlearn_edu.features.audio.cepstrum import mfcc, mfcc_summary
from mmlearn_edu.features.audio.deltas import mfcc_deltas
from mmlearn_edu.features.audio.frames import frame_signal, pad_clips
from mmlearn_edu.features.audio.mel import mel_filter_bank
from mmlearn_edu.features.audio.spectrogram import dominant_frequency, power_spectrogram
from mmlearn_edu.features.audio.waveform import waveform_statistics

__all__ = [
    "dominant_frequency",
    "frame_signal",
    "mel_filter_bank",
    "mfcc",
    "mfcc_deltas",
    "mfcc_summary",
    "pad_clips",
    "power_spectrogram",
    "waveform_statistics",
]
