# %% [markdown] slug="title"
# # 00 · Start here: shapes, pairs, predictions
#
# **Can a program that sees, hears and reads badly still sort digits, if it puts its senses together?**
#
# The surprise: one way to put them together is far better than the best sense. Another, just as easy to type, is
# worse than the best sense alone. Neither raises an error.
#
# You will be able to
# 1. run a whole multimodal pipeline, and judge its score;
# 2. predict the shape of a sum before you run it;
# 3. check that all modalities hold the same samples;
# 4. repair a cell that gives another result at every run;
# 5. debug a sum that runs and is wrong.
#
# **Needs** a little Python and NumPy. **Time** 45 minutes. **Modalities** 🖼 image · 🔊 sound · 📝 text · 🎬 clip

# %% [markdown] slug="first-light"
# ## 0 · First light
#
# Run first, understand later. Click on a grey cell and press **Shift + Enter**. The first one fetches tools; it takes a
# few seconds.

# %% slug="imports"
import numpy as np
from IPython.display import Audio
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu import clustering, datasets, evaluation, features, fusion, plots, similarity
from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.representations import PCA, PerModality
from mmlearn_edu.widgets import broadcast_shapes

# %% [markdown] slug="digits-text"
# Handwritten digits. Each is also *spoken*, and *described* in a caption: three **modalities**, three ways to tell the
# same thing. All are spoilt on purpose: noise on the pictures, hiss as loud as the voice, captions that never name the
# digit and are sometimes wrong.

# %% slug="digits"
digits = datasets.load_spoken_digits(image_noise=0.4, audio_snr_db=0)
X, y = digits.X, digits.y
print(X)
print("sample 0 is said to have:", X["text"][0])
print(plots.describe(plots.image_grid(X["image"][:8], titles=y[:8])))
Audio(X["audio"][0], rate=datasets.SAMPLING_RATE)

# %% [markdown] slug="digits-see"
# **What to see:** above each picture stands the digit it shows. A few you can read, most you cannot. Press play: do you
# hear the 0?
#
# The first number of every shape is the same. It counts the **samples**: row 5 of the pictures, of the sounds and of
# the captions belong together. Now turn every sense into a table, one row per sample: brightness of pixels, sound of
# the voice, words that occur. Its columns are its **features**. Then shorten each table to 16 columns, its **codes**.

# %% slug="codes"
raw = Modalities(
    {
        "image": features.flatten_images(X["image"]),
        "audio": features.mfcc_summary(X["audio"], datasets.SAMPLING_RATE),
        "text": features.TfidfVectorizer().fit_transform(X["text"]).toarray(),
    }
)
shorten = make_pipeline(StandardScaler(), PCA(n_components=16))
codes = PerModality(dict.fromkeys(raw.names, shorten)).fit_transform(raw)
print(raw, codes, sep="\n")

# %% [markdown] slug="group-text"
# Put the three tables side by side: one kind of **fusion**. Then k-means makes ten groups of rows that lie close
# together. Nobody tells it which digit is which. It begins with a draw; a **seed**, `random_state=0`, makes every draw
# the same for you and for us.


# %% slug="group"
def group(Z):
    """Sort the rows of Z (n_samples, n_features) into ten groups."""
    return clustering.KMeans(n_clusters=10, n_init=5, random_state=0).fit(Z).labels_


side_by_side = fusion.ConcatFusion(scale_blocks=True).fit_transform(codes)  # (1797, 48)
groups = group(side_by_side)
means = [X["image"][groups == g].mean(axis=0) for g in range(10)]
sizes = [f"{np.sum(groups == g)} samples" for g in range(10)]
title = "the mean picture of each group"
print(plots.describe(plots.image_grid(means, sizes, n_columns=5, title=title)))

# %% [markdown] slug="group-see"
# **What to see:** digits! Yet some groups look like two digits at once, so we need a score. Here are three. A perfect
# match is 1 in each, and none cares what a group is *called*.
#
# - **NMI**, normalised mutual information: how much the groups tell about the digits.
# - **ARI**, adjusted Rand index: how often two samples are rightly together or apart; 0 is chance.
# - **accuracy**: the share that is right, once each group got a digit of its own.

# %% slug="scores"
found = {name: group(codes[name]) for name in codes.names} | {"side by side": groups}
# chance: the same groups, handed to the wrong samples
found["chance"] = np.random.default_rng(0).permutation(groups)
nmi = {}
for name, labels in found.items():
    nmi[name] = evaluation.normalized_mutual_information(y, labels)
    ari = evaluation.adjusted_rand_index(y, labels)
    accuracy = evaluation.clustering_accuracy(y, labels)
    print(f"{name:13} NMI {nmi[name]:.2f}   ARI {ari:5.2f}   accuracy {accuracy:.2f}")
chance = nmi.pop("chance")
print(plots.describe(plots.score_bars(nmi, chance=chance, label="NMI (1 is perfect)")))

# %% [markdown] slug="scores-see"
# **What to see:** side by side beats every single sense, and all of them beat chance. In this workbook *chance*, what
# guessing gives, and *the best single modality* stand beside every score. Alone, a score says nothing.
#
# You have run a whole multimodal pipeline: features, fusion, groups, scores.
#
# ## 1 · Recall
#
# Every chapter opens with three questions; here they are a warm-up: guess. Replace each `...` by a
# letter in quotes, such as `"a"`, and run the cell again.

# %% slug="recall"
recall("00-start-here", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article fuses 7 pictures with 7 captions. A network turned each picture into a **block**: 7 × 7 places, 512 numbers
# each. Another turned each caption into a **vector** of 512. The sum is meant to add to every place of a picture the
# vector of its own caption. Shown, not run:
#
# ```python
# rng = np.random.default_rng(0)  # stands in for the two networks
# blocks = rng.normal(size=(7, 7, 7, 512))
# vectors = rng.normal(size=(7, 512))
#
# fused = blocks + vectors  # "no error, so the fusion works"
# ```
#
# By the end you will find and fix its fault.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# What is a sum of two arrays with *different* shapes? Take `column`, 10 over 20, of shape `(2, 1)`, and `row`, 1 2 3,
# of shape `(3,)`. On paper:
#
# ```text
# column  (2, 1)   1 flush right: write the shapes below each other
# row     (   3)   2 compare: 1 meets 3; 2 meets nothing, which counts as 1
# sum     (2, 3)   3 stretch the ones: 1 becomes 3, nothing becomes 2
# ```
#
# The sum is 11 12 13 over 21 22 23. Two sizes that differ, neither of them 1, are an error. This rule is
# **broadcasting**.

# %% slug="by-hand-in-code"
column = np.array([[10], [20]])
row = np.array([1, 2, 3])
total = column + row
print(column.shape, "+", row.shape, "=", total.shape)
print(total)

# %% [markdown] slug="predict-text"
# ## 4 · Predict, run, explain
#
# Answer first; the next cell shows what happens. You will remember it better, even if you were wrong.
#
# All three tables of codes have 16 columns, so we can also *average* them: $z = \frac{1}{3}(z_\text{image} +
# z_\text{audio} + z_\text{text})$. In words: number 1 with number 1, number 2 with number 2. In code:
# `AverageFusion().fit_transform(codes)`.

# %% slug="predict-average"
predict("start.average", ...)

# %% slug="average"
average = fusion.AverageFusion().fit_transform(codes)  # (1797, 16)
senses = {name: nmi[name] for name in codes.names}
senses["average"] = evaluation.normalized_mutual_information(y, group(average))
predict("start.average", result=senses)
compared = senses | {"side by side": nmi["side by side"]}
print(plots.describe(plots.score_bars(compared, chance=chance, label="NMI (1 is perfect)")))

# %% [markdown] slug="average-see"
# **What to see:** same codes, same k-means; one line differs. Averaging threw away what the best sense knew. Side by
# side kept it and added the rest. (Our tests repeat this for five draws of the noise.)
#
# Side by side is two lines: divide each table by its spread, so that none drowns the others, then `np.hstack`. The
# package's own code follows; look for `np.hstack` in it.

# %% slug="source"
scaled = [codes[name] / np.sqrt(codes[name].var(axis=0).sum()) for name in codes.names]
assert np.allclose(np.hstack(scaled), side_by_side)
show_source(fusion.ConcatFusion)

# %% [markdown] slug="twice-text"
# The second prediction is about notebooks. You can run a cell again, and Python remembers.

# %% slug="predict-twice"
predict("start.run_twice", ...)

# %% slug="twice"
pixels = X["image"][0].astype(float)
print("largest pixel at first:", pixels.max())
for run in ("first", "second"):  # as if you had run `pixels = pixels / 255` twice
    pixels = pixels / 255
    print(f"after the {run} run: {pixels.max():.4f}")
predict("start.run_twice", result=pixels.max())

# %% [markdown] slug="twice-see"
# This is **hidden state**: the number on your screen depends on what you ran before, and nobody can see that. When
# something looks odd, choose **Kernel → Restart Kernel and Run All Cells**. Believe only what survives it.
#
# ## 5 · Four modalities, one search
#
# `make_scenes` draws scenes, each with a picture, a caption, a sound and a clip. First a table per modality again.
# The first 800 scenes are for learning, the last 200 for searching.

# %% slug="scenes"
scenes = datasets.make_scenes(1000)
seen = scenes.X
learn, search = slice(0, 800), slice(800, 1000)
words = features.TfidfVectorizer().fit(seen["text"][learn])
tables = {
    "text": words.transform(seen["text"]).toarray(),
    "image": features.image_features(seen["image"]),
    "audio": features.mfcc_summary(seen["audio"], datasets.SAMPLING_RATE, n_segments=4),
    "clip": features.clip_features(seen["clip"]),
}
print({name: table.shape for name, table in tables.items()})

# %% [markdown] slug="shared-text"
# The tables differ in width, and their columns in meaning. But the text table has one column per word. So teach each
# other sense to *speak*: linear regression learns, from 800 pairs, to guess a scene's words from its picture, sound or
# clip. Then all four have the same columns, and can be compared.

# %% slug="shared"
shared = {"text": tables["text"][search]}
for name in ("image", "audio", "clip"):
    to_words = LinearRegression().fit(tables[name][learn], tables["text"][learn])
    shared[name] = to_words.predict(tables[name][search])
usual = tables["text"][learn].mean(axis=0)  # words that all captions share say nothing
shared = {name: table - usual for name, table in shared.items()}
print({name: table.shape for name, table in shared.items()})

# %% [markdown] slug="search-text"
# Now take three of the other sounds, and look for pictures whose words point the same way (**cosine similarity**; 1 is
# the same direction).


# %% slug="search"
def best(query, other, k):
    """Return for every scene the k others that fit best."""
    alike = similarity.cosine_similarity(shared[query], shared[other])  # (200, 200)
    np.fill_diagonal(alike, -1)  # no scene may find itself
    return similarity.top_k(alike, k=k)


pictures = seen["image"][search]
shown = [pictures[[i, *found]] for i, found in enumerate(best("audio", "image", k=5)[:3])]
titles = ["its own", "1st", "2nd", "3rd", "4th", "5th"] * 3
print(plots.describe(plots.image_grid(np.concatenate(shown), titles, n_columns=6)))
Audio(seen["audio"][search][0], rate=datasets.SAMPLING_RATE)

# %% [markdown] slug="search-see"
# **What to see:** on the left the sound's own picture, then the five found. Size and shape often fit,
# colours rarely. Three searches prove nothing, so let every scene search, in every modality, and count the best three.

# %% slug="search-scores"
# latents: what each scene was made from
size, shape, colour = (scenes.latents[fact][search] for fact in ("size", "shape", "colour"))
both = np.char.add(size, shape)  # "large" and "cross" make "largecross"
table = [[np.mean(both[best(q, o, k=3)] == both[:, None]) for o in shared] for q in shared]
names = {"row_names": [*shared], "column_names": [*shared], "labels": ("searched", "query")}
print(plots.describe(plots.heat_matrix(table, value="share with same size and shape", **names)))
print(f"chance, 3 sizes x 4 shapes: {1 / 12:.2f}")
for query in ("text", "audio"):
    share = np.mean(colour[best(query, "image", k=3)] == colour[:, None])
    print(f"{query} finds pictures of the same colour: {share:.2f}")
print(f"chance, 6 colours: {1 / 6:.2f}")

# %% [markdown] slug="search-scores-see"
# **What to see:** every pair of modalities beats chance, none is perfect, text and sound get along best. Text finds
# colours; sound stays at chance. Nothing in these sounds depends on colour, and no method finds what a modality does
# not hold.
#
# ## 6 · Your turn
#
# Replace every `...`, run, read what `check` says, try again. A wrong answer costs nothing.
#
# Six sums of arrays first; you see only their shapes. Write the shape of each result as a tuple such as `(2, 3)`, or
# write `"error"`.

# %% slug="ex-shapes" exercise="start.foresee_shapes"

# %% [markdown] slug="hint-text"
# Stuck? Ask. Every exercise has three hints; each run of this cell shows the next one.
# `solution("start.foresee_shapes")` would show an answer beside yours.

# %% slug="hint"
hint("start.foresee_shapes")

# %% [markdown] slug="to-2d-text"
# Nearly every model wants `(n_samples, n_features)`: one row per sample. Fill two blanks. The same line must do for
# pictures `(n, 8, 8)`, sounds `(n, t)` and clips `(n, frames, h, w)`.

# %% slug="ex-to-2d" exercise="start.to_2d"

# %% [markdown] slug="same-rows-text"
# Fusion pairs row 5 with row 5. Lose one caption, and every pair after it is wrong. Write the test that notices.
# `raise ValueError("why")` stops a program and says why.

# %% slug="ex-same-rows" exercise="start.same_rows"

# %% [markdown] slug="use-text"
# Later cells take your function if it passes, and ours if not: you are never blocked. `use` says which.

# %% slug="use"
flat, counted = use("start.to_2d", to_2d), use("start.same_rows", same_rows)
rows = flat(X["image"])
# the package does the same, and scales to 0..1
assert np.array_equal(rows / 255, features.flatten_images(X["image"]))
print("pictures", rows.shape, " clips", flat(seen["clip"]).shape)
print("samples", counted(dict(X.items())))
try:
    counted({"image": X["image"], "audio": X["audio"], "text": X["text"][:-1]})
except ValueError as error:
    print("one caption lost:", error)

# %% [markdown] slug="rerun-text"
# Last, hidden state again. A function plays a notebook: cell 1 runs once, cell 2 `times` times.

# %% slug="ex-rerun" exercise="start.repair_rerun"

# %% [markdown] slug="optional-text"
# *Optional.* In section 0, set `audio_snr_db=-16` and choose **Run → Run Selected Cell and All Below**. Does side by
# side still win? Which bar tells you why? Then set it back to 0 and run all below again.
#
# ## 7 · Shape playground
#
# **Task:** reach `(5, 5)` from two smaller shapes. Type into the two fields.

# %% slug="playground"
playground = broadcast_shapes()
playground

# %% [markdown] slug="playground-check-text"
# When the result is `(5, 5)`, write `playground` in place of the `...`, and run.

# %% slug="ex-playground" exercise="start.reach_shape"

# %% [markdown] slug="debug-text"
# ## 8 · Debug the article
#
# Run its sum. Then change the caption of picture 0 only. Which pictures should change?

# %% slug="debug-run"
rng = np.random.default_rng(0)
blocks, vectors = rng.normal(size=(7, 7, 7, 512)), rng.normal(size=(7, 512))
fused = blocks + vectors
other = vectors.copy()
other[0] += 1  # another caption for picture 0
changed = (blocks + other != fused).any(axis=(1, 2, 3))
print(fused.shape, "pictures that changed:", np.flatnonzero(changed))
try:
    blocks[:6] + vectors[:6]
except ValueError as error:
    print("with 6 pictures and 6 captions:", error)

# %% [markdown] slug="debug-read"
# All seven changed: right shape, wrong pairs. And with six samples the same line stops. Write the two shapes flush
# right and say what each 7 counts: samples, rows or columns. Then repair the sum for any number of samples.
# `vectors[:, None]` puts an axis of size 1 in second place.

# %% slug="ex-repair-sum" exercise="start.repair_sum"

# %% [markdown] slug="why-text"
# Why could this go unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="start.why_silent"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | `(3, 4) + (3,)` fails | axes line up from the right | `aligned-left` |
# | `(n, 1) - (n,)` is `(n, n)` | a column met a row, both stretched | `same-length-no-stretch` |
# | right shape, nonsense rows | `.T` after `reshape` mixed the samples | `samples-mixed` |
# | a text is missing, no complaint | all cut to the shortest | `cut-to-shortest` |
# | another result at every run | a cell reads and writes one name | `still-piles-up` |
# | samples get vectors of others | samples met columns | `lined-up-from-right` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Without looking: which two numbers must stand beside a score? Why did averaging lose? What shape has `(6, 1) +
# (4,)`? What do you do when a notebook looks odd?
#
# **Reuse this** on your own data, one 2-D table per modality, rows in the same order
# (`from mmlearn_edu import clustering, fusion`):
#
# ```python
# tables = {"image": my_images, "text": my_texts}
# Z = fusion.ConcatFusion(scale_blocks=True).fit_transform(tables)
# labels = clustering.KMeans(n_clusters=5, random_state=0).fit(Z).labels_
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Harris, C. R. et al. (2020). Array programming with NumPy. *Nature* 585, 357–362.
# - Baltrušaitis, T., Ahuja, C. & Morency, L.-P. (2019). Multimodal machine learning: a survey and taxonomy. *IEEE Trans.
#   Pattern Analysis and Machine Intelligence* 41(2), 423–443.
# - Pimentel, J. F. et al. (2019). A large-scale study about quality and reproducibility of Jupyter notebooks. *MSR*,
#   507–517.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | sample | 样本 | | broadcasting | 广播 |
# | feature | 特征 | | fusion | 融合 |
# | modality | 模态 | | group, cluster | 组，簇 |
# | shape | 形状 | | chance level | 随机水平 |
# | axis | 轴 | | hidden state | 隐藏状态 |
# | seed | 随机种子 | | kernel (of a notebook) | 内核 |

# %% slug="progress"
progress()
