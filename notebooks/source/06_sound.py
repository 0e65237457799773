# %% [markdown] slug="title"
# # 06 · Sound: what a machine must forget
#
# **What must a machine forget to understand a spoken digit?**
#
# The surprise: the 5600 numbers of a recording hardly tell which digit was said. Forget nearly all, keep 26 well
# chosen ones, and new voices are understood. Then a new *speaker* shows that you forgot the wrong things.
#
# You will be able to
# 1. compute MFCC in six steps, and match librosa, a library for sound;
# 2. explain what a longer window gives and takes;
# 3. find a frequency, and say when it is not the pitch;
# 4. pad and mask clips of different length;
# 5. test on speakers never heard;
# 6. debug a sound feature that says nothing.
#
# **Needs** 00-start-here. **Time** 55 minutes; *Real people* is optional. **Modality** 🔊 sound

# %% slug="imports"
import librosa
import numpy as np
from scipy.fft import dct
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.datasets import DatasetUnavailable, fetch_fsdd, load_spoken_digits, make_scenes
from mmlearn_edu.features import (
    dominant_frequency,
    frame_signal,
    mel_filter_bank,
    mfcc,
    mfcc_deltas,
    mfcc_summary,
    pad_clips,
    power_spectrogram,
    waveform_statistics,
)
from mmlearn_edu.networks import AudioCNN, NetworkClassifier
from mmlearn_edu.plots import describe, score_bars, spectrogram, waveform
from mmlearn_edu.widgets import listen, resolve_tones

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("06-sound", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article turns recordings into one feature each, their average pressure (shown, not run):
#
# ```python
# sound = np.array(clips)
# feature = sound.mean(axis=1)
# ```
#
# The first line fails: recordings differ in length. A comment below the article replaces it:
#
# ```python
# longest = max(len(clip) for clip in clips)
# sound = np.array([np.pad(clip, (0, longest - len(clip))) for clip in clips])
# ```
#
# Now it runs, and every clip gets its number. By the end you will find and fix two faults.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# A sound is air pressure, measured so many times a second, its **sampling rate** in hertz (Hz). One second at 8 Hz:
# 0, 1, 0, −1, 0, 1, 0, −1.
#
# **1 cut** into windows of 4, a new one every 2: there are 1 + (8 − 4) // 2 = 3. The first is 0, 1, 0, −1.
#
# **2 fade** in and out, since a hard cut clicks, by $\frac12-\frac12\cos(2\pi i/4)$ = 0, ½, 1, ½. That leaves 0, ½, 0,
# −½.
#
# **3 transform.** How alike is it to a wave of one cycle? Multiply by its cosine, 1, 0, −1, 0, and add: 0. By its
# sine, 0, 1, 0, −1: 1. Square both and add: **power** 1. Waves of 0 and 2 cycles get 0 (try).

# %% [markdown] slug="by-hand-2"
# One cycle in 4 samples, at 8 samples a second: 1 · 8 / 4 = 2 Hz. In general, place $k$ of a window of $n$
# samples is $k \cdot \text{rate} / n$ hertz, up to half the rate.
#
# This is the **Fourier transform**; its fast form, the FFT, is `np.fft.rfft`: a complex number per place, one part
# from the cosine, one from the sine. `np.abs(...) ** 2` is the power.

# %% slug="hand-in-code"
pressure = np.array([0, 1, 0, -1, 0, 1, 0, -1])
window = pressure[0:4]  # 1 cut
faded = window * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(4) / 4))  # 2 fade
for k in range(3):  # 3 transform
    angle = 2 * np.pi * k * np.arange(4) / 4
    power = np.sum(faded * np.cos(angle)) ** 2 + np.sum(faded * np.sin(angle)) ** 2
    print(f"{k * 8 / 4:.0f} Hz: power {power:.1f}")
    np.testing.assert_allclose(power, np.abs(np.fft.rfft(faded)[k]) ** 2, atol=1e-12)

# %% [markdown] slug="predict-text"
# ## 4 · Predict, run, explain
#
# Now speech: 840 spoken digits at 8000 Hz by 28 synthetic voices. These four all say *three*. Press play, and look at
# the two pictures: pressure over time, and power over time and frequency.

# %% slug="voices"
digits, rate = load_spoken_digits(), 8000
_, once = np.unique(digits.latents["clip"], return_index=True)  # some clips belong to several pictures
audio, y = digits.X["audio"][once], digits.y[once]  # (840, 5600) of int16
length, voice = digits.latents["length"][once], digits.groups["voice"][once]
clips = [row[:n] / 32768 for row, n in zip(audio, length, strict=True)]  # silence cut off, now in [-1, 1]
threes = [np.flatnonzero((y == 3) & (voice == v))[0] for v in range(4)]
task = "Play all four, and mark where one of them begins its “ee”."
hearing = listen([clips[i] for i in threes], rate, names=[f"voice {v}" for v in range(4)], task=task)
hearing

# %% slug="predict-mean"
predict("sound.mean_of_tone", ...)

# %% slug="mean"
time = np.arange(rate) / rate  # one second
sounds = [size * np.sin(2 * np.pi * hertz * time) for size, hertz in [(0.1, 200), (0.9, 200), (0.9, 1500)]]
means = [tone.mean() for tone in sounds]
predict("sound.mean_of_tone", result=means)
print("means", np.array(means))
print("root mean square, peak, peak / root mean square, zero crossings a second")
with np.printoptions(precision=2, suppress=True):
    print(waveform_statistics(sounds, rate))

# %% [markdown] slug="mean-see"
# **What to see:** the means differ from 0 by rounding alone. Four other **statistics** do tell the tones apart.
# *Root mean square*, $\sqrt{\frac1n\sum y_t^2}$ or `np.sqrt(np.mean(y**2))`, is loudness.
#
# And speech? Let a linear classifier name the digit: it weighs and adds features, and the class with the largest sum
# wins. It learns from 20 voices and is asked about 8 others.


# %% slug="worth"
def right(X, unseen):
    """Share of the unseen clips named rightly, learned from the others."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return model.fit(X[~unseen], y[~unseen]).score(X[unseen], y[unseen])


new_voice = voice >= 20
found = {"1 mean": right(audio.mean(axis=1, keepdims=True), new_voice)}
found["4 statistics"] = right(waveform_statistics(audio, rate), new_voice)
found["5600 samples"] = right(audio.astype(float), new_voice)
found["26 MFCC numbers"] = right(mfcc_summary(audio, rate), new_voice)
print(describe(score_bars(found, chance=0.1, label="share right on new voices (1 is perfect)")))

# %% [markdown] slug="worth-see"
# **What to see:** 5600 samples are worth less than four statistics; 26 numbers that you do not know yet are nearly
# perfect. Why are samples so weak?

# %% slug="later"
three = clips[threes[0]]
later = np.roll(three, 10)  # the same sound, a little more than a millisecond later
print(f"correlation of the samples: {np.corrcoef(three, later)[0, 1]:.2f}")
before, after = mfcc_summary([three, later], rate)
print(f"correlation of the 26 numbers: {np.corrcoef(before, after)[0, 1]:.4f}")
print(describe(waveform(three[1200:1600], rate, title="a twentieth of a second of “three”")))

# %% [markdown] slug="window-text"
# **What to see:** hills and valleys so close that a millisecond swaps them. You hear no difference, nor do the 26
# numbers: they forget *when within a window* something happened.
#
# ## 5 · The same through the package
#
# Steps 1 to 3 for a whole clip give a **spectrogram**: a column per window, a row per frequency.

# %% slug="predict-window"
predict("sound.double_window", ...)

# %% slug="window"
click = np.zeros((1, rate))
click[0, 4000] = 1
detail = {}
for n in (256, 512):
    heard = power_spectrogram(click, n, 16)[0].max(axis=0) > 0  # in which windows, one every 2 ms?
    detail[n] = np.array([rate / n, heard.sum() * 16 / rate * 1000])
    print(f"{n} samples: frequencies {detail[n][0]:.1f} Hz apart, a click is heard for {detail[n][1]:.0f} ms")
predict("sound.double_window", result=detail[512] / detail[256])
for n in (128, 1024):
    print(describe(spectrogram(three, rate, n_fft=n, hop_length=32, title=f"windows of {n} samples")))

# %% [markdown] slug="mel-text"
# **What to see:** short windows show moments, down to single pulses of the voice; long ones show thin lines, the
# multiples of its **pitch** (how often its wave repeats in a second), and smear moments.
#
# ### Steps 4 to 6: from frequencies to MFCC
#
# **4 gather** frequencies into 40 **mel** bands, narrow below and wide above, as the ear does: equal steps in hertz up
# to 1000 Hz, equal *ratios* beyond.
#
# **5 decibels**: $10\log_{10}$ of the power, `10 * np.log10(bands)`; 80 dB below the loudest is the floor.
#
# **6 condense**: compare each window with slow waves *across the bands*, the cosine transform. 13 numbers draw the
# rough shape: **mel-frequency cepstral coefficients (MFCC)**. The thin lines, the pitch, are forgotten.

# %% slug="steps"
windows = frame_signal(np.pad(three, 256)[None], 512, 128)[0]  # 1 cut, after half a window of silence
faded = windows * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512))  # 2 fade
power = np.abs(np.fft.rfft(faded)) ** 2  # 3 transform
bands = power @ mel_filter_bank(rate).T  # 4 gather
level = 10 * np.log10(np.maximum(bands, 1e-10))  # 5 decibels
level = np.maximum(level, level.max() - 80)
numbers = dct(level, norm="ortho")[:, :13]  # 6 condense
theirs = librosa.feature.mfcc(y=three, sr=rate, n_mfcc=13, n_fft=512, hop_length=128, n_mels=40).T
for ours in (numbers, mfcc([three], rate)[0].T):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-3)
print("a row per window:", windows.shape, power.shape, bands.shape, numbers.shape)
print(f"largest difference from librosa {np.abs(numbers - theirs).max():.0e} dB, tolerance 1e-03 dB")

# %% [markdown] slug="exercises-text"
# The 26 numbers from above are the mean and the standard deviation over time of these 13.
#
# ## 6 · Exercises: MFCC in five functions
#
# First one line to complete: where is a clip strongest?

# %% slug="ex-frequency" exercise="sound.find_frequency"

# %% [markdown] slug="scenes-text"
# Try it on 300 made-up scenes: four shapes, four instruments, the pitch known exactly.

# %% slug="scenes"
find = use("sound.find_frequency", find_frequency)
scenes = make_scenes(300)
times = np.array([find(sound, rate) for sound in scenes.X["audio"]]) / scenes.latents["pitch"]
np.testing.assert_allclose(times * scenes.latents["pitch"], dominant_frequency(scenes.X["audio"], rate))
for shape in ("circle", "square", "triangle", "cross"):
    found_for = times[scenes.latents["shape"] == shape]
    print(f"{shape:8} strongest frequency / pitch: {found_for.min():.2f} to {found_for.max():.2f}")

# %% [markdown] slug="scenes-see"
# **What to see:** right to a hundredth, but for the cross, an octave too high: twice its pitch is loudest. *Strongest*
# is not *pitch*.
#
# Now the six steps.

# %% slug="ex-frames" exercise="sound.cut_frames"

# %% [markdown] slug="power-text"
# Fade and transform. The check knows **Parseval's theorem**: no power is lost from time to frequency.

# %% slug="ex-power" exercise="sound.measure_power"

# %% [markdown] slug="bands-text"
# Gather; no skeleton this time.

# %% slug="ex-bands" exercise="sound.build_bands"

# %% slug="ex-condense" exercise="sound.condense"

# %% slug="together"
cut, measure = use("sound.cut_frames", cut_frames), use("sound.measure_power", measure_power)
build, squeeze = use("sound.build_bands", build_bands), use("sound.condense", condense)
spectra = measure(cut(np.pad(three, 256), 512, 128))
np.testing.assert_allclose(spectra.T, np.abs(librosa.stft(three, n_fft=512, hop_length=128)) ** 2, atol=1e-6)
mel = np.linspace(0, librosa.hz_to_mel(rate / 2), 42)  # equal steps on the mel scale: corners of 40 bands
bank = build(np.arange(257) * rate / 512, librosa.mel_to_hz(mel))
np.testing.assert_allclose(bank, librosa.filters.mel(sr=rate, n_fft=512, n_mels=40), atol=1e-6)
np.testing.assert_allclose(squeeze(spectra @ bank.T, 13), theirs, rtol=0, atol=1e-3)
print("power, mel bands and MFCC equal librosa's; shapes", spectra.shape, bank.shape, theirs.shape)

# %% [markdown] slug="ragged-text"
# ### Clips of different length
#
# A matrix has rows of one length, and speech does not. So far the silence behind a short word was averaged in. Pad, but
# remember what is padding:

# %% slug="ex-pad" exercise="sound.pad_batch"

# %% [markdown] slug="speaker-text"
# ### Who is speaking?
#
# The 28 voices are four *speakers* at seven pitches and speeds each. A new voice was never a new speaker! The honest
# test leaves one out. Then forget more, padding and loudness (the first number), and less: the order of sounds, by
# thirds.


# %% slug="sound-alone"
def sound_alone(clips):
    """(n_clips, 72): mean and deviation of 12 MFCC in each third of the sound."""
    padded, mask = pad(clips)
    rows = []
    for c, n in zip(mfcc(padded, rate), 1 + mask.sum(axis=1) // 128, strict=True):
        thirds = np.array_split(c[1:, :n], 3, axis=1)  # no loudness, no padding
        rows.append(np.concatenate([each(axis=1) for third in thirds for each in (third.mean, third.std)]))
    return np.array(rows)


pad = use("sound.pad_batch", pad_batch)
np.testing.assert_array_equal(pad(clips)[1], pad_clips(clips)[1])

# %% slug="speaker"
speaker, X = digits.latents["base"][once], audio / 32768
rising = mfcc_deltas(mfcc(audio, rate))  # how fast each number rises or falls
plain, alone = mfcc_summary(audio, rate), sound_alone(clips)
changing = np.hstack([plain, rising.mean(axis=2), rising.std(axis=2)])
ways = {"26 numbers": plain, "26 and their changes": changing, "72 of the sound alone": alone}
print("on new voices:", [round(right(X, new_voice), 2) for X in ways.values()])
new = [speaker == one for one in np.unique(speaker)]
scores = {way: np.mean([right(X, out) for out in new]) for way, X in ways.items()}
network = NetworkClassifier(AudioCNN, epochs=6, batch_size=16, validation_share=0, random_state=0)
scores["AudioCNN"] = np.mean([network.fit(X[~out], y[~out]).score(X[out], y[out]) for out in new])
print(describe(score_bars(scores, chance=0.1, label="share right on a new speaker (mean of 4)")))
show_source(AudioCNN.mel_spectrogram)

# %% [markdown] slug="speaker-see"
# **What to see:** nearly perfect on new voices, 26 numbers fail two times in five on a new speaker. Forgetting padding
# and loudness, and keeping the order, mends most of it. `AudioCNN`, a small network, takes steps 1 to 5 and
# learns the rest: about as good as what was chosen by hand.
#
# ### Real people (optional)
#
# All these voices are synthetic. 2500 recordings of five people can be fetched (12 MB, once). Guess first: better or
# worse? Then set `ask` to `True`.

# %% slug="people"
ask, people = False, None
try:
    people = fetch_fsdd() if ask else None
except DatasetUnavailable as problem:
    print(problem)
if people is None:
    print("not run: nothing here was measured on real people")
else:
    real = [row[:n] / 32768 for row, n in zip(people.X["audio"], people.latents["length"], strict=True)]
    for ours, theirs in [(plain, mfcc_summary(pad(real)[0][:, :5600], rate)), (alone, sound_alone(real))]:
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(ours, y)
        print(f"{ours.shape[1]} numbers: {model.score(theirs, people.y):.2f} right, chance 0.10")

# %% [markdown] slug="widget-text"
# ## 7 · Two tones
#
# How long must you listen to tell 440 from 460 Hz? **Task:** find the shortest window that separates them. Then write
# its milliseconds, or `tones`, below.

# %% slug="widget"
tones = resolve_tones((440, 460), rate)
tones

# %% slug="ex-tones" exercise="sound.separate_tones"

# %% [markdown] slug="debug-text"
# Tones half as far apart need a window twice as long (try 440 and 450): fine time and fine frequency do not go
# together.
#
# ## 8 · Debug the article
#
# Below is the article with the comment's repair. Run it, then the cell after it: first comes the loud fault, the last
# line of its traceback. Then the silent ones: what does the number tell, and why does it change in company? Mend it to
# return the **root mean square of each clip**, and run both again: eight minutes.

# %% slug="ex-fix" exercise="sound.fix_article"

# %% slug="debug-run"
try:
    np.array(clips[:2])  # without the repair
except ValueError as problem:
    print("ValueError:", problem)
loud, short = three, three[1200:2000]
print("soft and loud:       ", np.round(loudness([0.01 * loud, loud]), 5))
print("a short one, alone:  ", np.round(loudness([short]), 5))
print("the same, in company:", np.round(loudness([short, loud])[:1], 5))
print("the same as int16:   ", np.round(loudness([audio[threes[0], 1200:2000]]), 1))
column = np.asarray(loudness(clips))[:, None]
print(f"right on new voices: {right(column, new_voice):.2f}, chance 0.10")

# %% [markdown] slug="why-text"
# Even mended, loudness does not tell digits apart. But now it *is* loudness.
#
# Why could the fault have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="sound.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | frequency is a small whole number | place, not hertz | `place-for-hertz` |
# | `inhomogeneous shape` | a last window too short | `windows-at-the-end-too-short` |
# | tiny differences from librosa | fade divided by n − 1 | `both-ends-zero` |
# | every frequency sounds a little | windows not faded | `not-faded` |
# | high bands too loud | triangles of height 1 | `height-1` |
# | soft windows differ from librosa's | no floor, or one per window | `too-soft-to-hear`, `each-window-its-loudest` |
# | short clips look soft | padding counted | `padding-counts` |
# | silence within a word is lost | zeros taken for padding | `zeros-for-padding` |
# | loudness too small, or NaN | squares of int16 wrap round | `int16-overflows` |
# | about 0 for any sound | mean of the waveform | `still-the-mean` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Can you now, without looking: name the six steps? find the hertz of place k? say what a longer window costs? say why
# new voices were no honest test?
#
# **Reuse this** on your own recordings, a folder with a `manifest.csv` that has a column `audio` of file names (and
# split by speaker):
#
# ```python
# from mmlearn_edu.datasets import load_folder
# from mmlearn_edu.features import mfcc_summary
# data = load_folder("my_recordings")
# table = mfcc_summary(data.X["audio"], sampling_rate=8000)
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Davis, S. & Mermelstein, P. (1980). Comparison of parametric representations for monosyllabic word recognition in
#   continuously spoken sentences. *IEEE Trans. Acoustics, Speech, and Signal Processing* 28(4), 357–366.
# - Allen, J. B. & Rabiner, L. R. (1977). A unified approach to short-time Fourier analysis and synthesis.
#   *Proceedings of the IEEE* 65(11), 1558–1564.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | sampling rate | 采样率 | | spectrogram | 声谱图 |
# | window | 窗 | | mel band | 梅尔频带 |
# | Fourier transform | 傅里叶变换 | | decibel | 分贝 |
# | power | 功率 | | cepstral coefficient (MFCC) | 倒谱系数 |
# | root mean square | 均方根 | | mask | 掩码 |
# | pitch | 音高 | | speaker | 说话人 |

# %% slug="progress"
progress()
