# %% [markdown] slug="title"
# # 05 · CNN features: what training keeps and drops
#
# **A network has learnt to see. Does it see what *you* need?**
#
# A convolutional neural network (CNN) turns a picture into *features*. The surprise: trained on one task, they can be
# worse for another than those of a network that nobody trained.
#
# You will be able to
# 1. compute a convolution, its output size and what one number sees;
# 2. pool maps to features, and freeze a network;
# 3. compare frozen, random and trained features;
# 4. state what VGG16, a famous network, wants of a picture;
# 5. debug features that break this contract.
#
# **Needs** 00-start-here; 04-images helps. **Time** 50 minutes; *On a GPU* is optional. **Modality** 🖼 image

# %% slug="imports"
import time

import numpy as np
import torch
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu import networks
from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.datasets import load_spoken_digits, make_scenes
from mmlearn_edu.features import global_average_pool
from mmlearn_edu.networks import ImageCNN, NetworkClassifier, prepare_images, seeded, vgg16_features
from mmlearn_edu.plots import describe, image_grid, score_bars
from mmlearn_edu.widgets import correlate, edge_responses, paint_kernel

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("05-cnn-features", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article groups photographs by what a famous network sees (shown, not run):
#
# ```python
# vgg = torchvision.models.vgg16(weights="DEFAULT").features
# X = torch.tensor(images / 255, dtype=torch.float32).movedim(-1, 1)  # channels first
# maps = vgg(X).detach().numpy()
# groups = KMeans(10).fit_predict(maps)
# ```
#
# One fault is loud, one is silent. By the end you will find and fix both.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# Six pixels, 0 0 0 1 1 1, and a **kernel** (−1, 0, 1). Work on paper.
#
# **1 lay** the kernel on the first three pixels. **2 multiply** what lies on each other. **3 add up**: 0. Move one to
# the right, again: 0, 1, 1, 0. It responds where the row changes. This is a **convolution**; the result is a **map**.
#
# Six pixels, kernel 3: four places. In general, with `padding` zeros on both sides and `stride` pixels per move,
#
# $$\left\lfloor\frac{\text{size}+2\,\text{padding}-\text{kernel}}{\text{stride}}\right\rfloor+1$$
#
# places: the steps that fit, rounded down, plus the first place. **ReLU** then turns negative numbers into 0, and a
# **max pool** of 2 keeps the larger of every two: 1, 1.

# %% slug="hand-in-code"
row, kernel_of_three = np.array([0, 0, 0, 1, 1, 1]), np.array([-1, 0, 1])
response = []
for i in range(4):
    window = row[i : i + 3]  # 1 lay
    response.append(np.sum(kernel_of_three * window))  # 2 multiply  3 add up
pooled = np.maximum(response, 0).reshape(2, 2).max(axis=1)
np.testing.assert_array_equal(correlate([row], [kernel_of_three], "valid")[0], response)
print("map", np.array(response), " after ReLU and max pool", pooled)

# %% [markdown] slug="widget-text"
# ## 4 · Paint a kernel
#
# Pictures take kernels of 3 × 3. **Task:** in the widget, build one that responds to vertical edges by 1 or more, and
# not at all to horizontal edges or even areas. Type numbers into the cells (arrow keys move). Then write the kernel, or
# `painting`, below.

# %% slug="widget"
digits = load_spoken_digits()
images, y, writer = digits.X["image"] / 255, digits.y, digits.groups["writer"]
painting = paint_kernel(np.kron(images[4], np.ones((3, 3))))  # a four, every pixel drawn 3 x 3
painting

# %% slug="ex-paint" exercise="cnn.paint_edges"

# %% slug="paint-compare"
sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
outline = [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]
for name, K in {"Sobel": sobel, "turned": sobel.T, "outline": outline}.items():
    vertical, horizontal, even = edge_responses(K)
    print(f"{name:8} vertical {vertical:.0f}  horizontal {horizontal:.0f}  even {even:.0f}")

# %% [markdown] slug="network-text"
# People painted such kernels for decades. A CNN *learns* them: it starts with random numbers, and **training** changes
# them in small steps, so that its answers on a **batch** of labelled pictures improve. One pass over all pictures is an
# **epoch**. Networks here are written in torch (PyTorch).
#
# ## 5 · A small network on real data
#
# `ImageCNN` stacks four convolutions and a pool, then averages each of its 64 last maps: 64 features, from which one
# last layer scores the classes. We train it on the digits 0 to 4 of seven writers.

# %% slug="train"
low, seen_writer = y < 5, writer < 7
first = NetworkClassifier(ImageCNN, epochs=5, random_state=0)
first.fit(images[low & seen_writer], y[low & seen_writer])
right = first.score(images[low & ~seen_writer], y[low & ~seen_writer])
print(f"0 to 4 by seven new writers: {right:.0%} right")
show_source(ImageCNN.maps)
show_source(ImageCNN.features)

# %% [markdown] slug="maps-text"
# What do the first kernels see? `body` holds the layers; the first three are convolution, batch normalisation, ReLU.
# **Batch normalisation** brings each map to mean 0 and spread 1: of this batch while training, by running
# averages in **evaluation mode**.

# %% slug="maps"
with torch.no_grad():  # nothing will be learnt
    X = torch.tensor(images[4][None, None], dtype=torch.float32)  # (n, C, H, W) = (1, 1, 8, 8)
    early = first.network_.body[:3](X).numpy()[0]
print("maps", early.shape)
shown = np.vstack([images[4][None], early[:7] / early.max()])
print(describe(image_grid(shown, ["digit", *(f"map {i}" for i in range(7))], n_columns=8)))

# %% [markdown] slug="count-text"
# **What to see:** each map lights up at other parts of the four.
#
# ## 6 · Exercises
#
# First, the formula of section 3. One line to complete.

# %% slug="ex-count" exercise="cnn.count_places"

# %% [markdown] slug="convolve-text"
# Now the convolution itself. A picture has channels, `(C, H, W)`; a kernel has one layer for each, `(C, h, w)`, and all
# products are added up. Several kernels give several maps.

# %% slug="ex-convolve" exercise="cnn.convolve_image"

# %% slug="convolve-torch"
slide, rng = use("cnn.convolve_image", convolve), np.random.default_rng(0)
picture, kernels = rng.normal(size=(3, 9, 8)), rng.normal(size=(5, 3, 3, 2))
theirs = torch.conv2d(torch.tensor(picture)[None], torch.tensor(kernels))[0].numpy()
np.testing.assert_allclose(slide(picture, kernels), theirs)
print("torch agrees:", theirs.shape, "- the kernel is not turned round, as mathematics would")

# %% [markdown] slug="pool-text"
# ### Pool
#
# Maps say *where*. Averaged over all places (**global average pooling**) they only say *how much*.

# %% slug="ex-pool" exercise="cnn.pool_maps"

# %% [markdown] slug="field-text"
# ### Trace what a number sees
#
# One number of a map depends on a square of pixels, its **receptive field**. Each layer adds (kernel − 1) times the
# *step*, the distance in pixels between neighbours of its input; each stride multiplies the step for the layers after.
#
# VGG16, a famous CNN, has 13 convolutions of 3 (stride 1) and 5 pools of 2 (stride 2).

# %% slug="predict-vgg"
predict("cnn.vgg_sees", ...)

# %% slug="ex-trace" exercise="cnn.trace_field"

# %% slug="vgg-sees"
trace, count = use("cnn.trace_field", receptive_field), use("cnn.count_places", output_size)
vgg16, side = [(3, 1), (3, 1), (2, 2)] * 2 + [(3, 1), (3, 1), (3, 1), (2, 2)] * 3, 224
for kernel_size, stride in vgg16:
    side = count(side, kernel_size, stride, padding=1 if kernel_size == 3 else 0)
predict("cnn.vgg_sees", result=trace(vgg16))
print(f"VGG16: 224 pixels become {side} places, each sees {trace(vgg16)}")
print("ImageCNN: each place sees", trace([(3, 1), (3, 1), (2, 2), (3, 1), (3, 1)]))

# %% [markdown] slug="contract-text"
# ### The contract of VGG16
#
# A trained network wants pictures prepared like those it was trained on. torchvision says how: red, green, blue;
# shorter side 256; the middle 224 × 224; values in 0 to 1, minus `mean`, over `std` of each colour.
#
# The weights (553 MB) are not shipped. Where they are not on your machine, the cell below draws random ones: shapes and
# preparation are the same, the features know nothing. `weights="download"` fetches the real ones.

# %% slug="vgg"
pair = make_scenes(2).X["image"]  # (2, 32, 32, 3), 0 to 255
contract = networks.torchvision().models.VGG16_Weights.DEFAULT.transforms()
MEAN, STD = np.array(contract.mean), np.array(contract.std)  # of red, green, blue
prepared = prepare_images(pair)  # by the contract
print(f"mean {MEAN} std {STD} prepared: from {prepared.min():.1f} to {prepared.max():.1f}")
try:
    maps, kind = vgg16_features(pair, weights="cached"), "pretrained"
except networks.WeightsUnavailable:
    maps, kind = vgg16_features(pair, weights="random"), "random"
pooled_maps = np.array(use("cnn.pool_maps", pool_maps)(np.moveaxis(maps, -1, 1)))  # channels first
np.testing.assert_allclose(pooled_maps, global_average_pool(np.moveaxis(maps, -1, 1)), rtol=1e-5)
print(f"{kind} weights: {maps.shape}, channels last; pooled: {pooled_maps.shape}")

# %% [markdown] slug="freeze-text"
# ### Freeze
#
# **Frozen** features are computed and never changed. Two switches: `network.eval()` is evaluation mode, so that a
# picture does not depend on its batch; `torch.no_grad()` keeps no *gradients*, what torch needs in order to learn. Here
# the network is untrained: its kernels are what the seed drew.

# %% slug="ex-freeze" exercise="cnn.freeze_features"

# %% [markdown] slug="probe-text"
# ## 7 · Which features serve another task?
#
# New task: tell 5, 6, 7, 8, 9 apart, with only 100 labelled pictures. A **linear probe** is a linear classifier
# (logistic regression: one weighted sum of the features per class, the largest wins) on features that stay frozen. Its
# **accuracy**, the share it names rightly, says what can be read off them. `StandardScaler` first brings every feature
# to mean 0 and spread (standard deviation) 1. Write the probe; features of several seeds come at once.

# %% slug="ex-probe" exercise="cnn.probe_features"

# %% [markdown] slug="predict-text"
# Three descriptions, 64 numbers each. Chance is 1 in 5.

# %% slug="rows"
freeze, score = use("cnn.freeze_features", frozen_features), use("cnn.probe_features", probe)
old = np.flatnonzero(low & seen_writer)
few = np.random.default_rng(0).permutation(np.flatnonzero(~low & seen_writer))[:100]
rows = np.append(few, np.flatnonzero(~low & ~seen_writer))  # 100 to learn from, then other writers
predict("cnn.best_features", ...)


# %% slug="describe-all"
def describe_by(images, seeds=(0, 1, 2)):
    """Describe the rows in four ways, each (n_seeds, n, n_features)."""
    X, net = images[rows], NetworkClassifier(ImageCNN)
    base = [clone(net).set_params(epochs=5, random_state=s).fit(images[old], y[old]) for s in seeds]
    own = [clone(net).set_params(epochs=20, random_state=s).fit(X[:100], y[few]) for s in seeds]
    return {
        "pixels": np.stack([X.reshape(len(X), -1)] * len(seeds)),
        "untrained": np.stack([freeze(X, s) for s in seeds]),
        "trained on 0 to 4": np.stack([model.transform(X) for model in base]),
        "trained on the 100": np.stack([model.transform(X) for model in own]),
    }


# %% slug="compare"
def compare(images, label):
    train, test = np.arange(100), np.arange(100, len(rows))
    scores = {way: np.array(score(F, y[rows], train, test)) for way, F in describe_by(images).items()}
    means = {way: found.mean() for way, found in scores.items()}
    ends = {way: (found.min(), found.max()) for way, found in scores.items()}
    print(describe(score_bars(means, chance=0.2, intervals=ends, label=label)))
    return means


means = compare(images, "accuracy on 5 to 9, three seeds")
predict("cnn.best_features", result=max(list(means)[:3], key=means.get))

# %% [markdown] slug="compare-see"
# **What to see:** bare pixels are a little ahead of the untrained network; the one trained on 0 to 4 is far behind
# both. It kept what separates *its* digits. Whiskers reach from the worst of three seeds to the best. Last bar: a
# network trained on the 100 themselves wins.
#
# So are pixels enough? These digits are all centred. Now put each at a random place of a 16 × 16 picture. Which bar
# falls most?

# %% slug="moved"
moved = np.zeros((len(images), 16, 16))
for canvas, image, (i, j) in zip(moved, images, rng.integers(0, 9, size=(len(images), 2)), strict=True):
    canvas[i : i + 8, j : j + 8] = image
means = compare(moved, "accuracy on moved 5 to 9, three seeds")

# %% [markdown] slug="moved-see"
# **What to see:** the first three bars have changed places. Pixels are almost at chance: a weighted sum of pixels
# cannot follow a shape that moves. Random kernels, averaged over all places, can; those trained on 0 to 4 do better
# still. What helps is what the two tasks *share*.
#
# ### On a GPU (optional)
#
# The same code, scaled up where there is a GPU. Can a network without convolutions, `DenseNetwork`, follow moved
# digits?

# %% slug="gpu" tags=["gpu-optional"]
scale, more = (1, 1) if networks.device().type == "cpu" else (4, 10)
large = np.kron(moved, np.ones((scale, scale)))  # every pixel drawn scale x scale
for network, epochs in ((networks.DenseNetwork, 30 * more), (ImageCNN, 3 * more)):
    start = time.perf_counter()
    model = NetworkClassifier(network, epochs=epochs, random_state=0)
    model.fit(large[seen_writer], y[seen_writer])
    right, seconds = model.score(large[~seen_writer], y[~seen_writer]), time.perf_counter() - start
    size = " x ".join(map(str, large.shape[1:]))
    print(f"{network.__name__:12} on {networks.device()}: {size}, {epochs} epochs, {right:.0%} right, {seconds:.1f} s")

# %% [markdown] slug="debug-text"
# ## 8 · Debug the article
#
# VGG16 is heavy, so `kernels` stand in for it below; the two faults are the article's. Run both cells. First: read the
# last line of the error. Second: print the smallest and largest number that goes in, and compare with *The contract of
# VGG16*. Mend both faults and run again: eight minutes.

# %% slug="ex-fix" exercise="cnn.fix_article"

# %% slug="debug-run"
scenes = make_scenes(500)
small, colour = scenes.X["image"][:, ::2, ::2], scenes.latents["colour"]  # (500, 16, 16, 3)
features = article_features(small[:50], rng.normal(size=(8, 3, 3, 3)))
print("features", features.shape)
try:
    print("groups", np.bincount(KMeans(3, n_init=1, random_state=0).fit_predict(features)))
except ValueError as problem:
    print("ValueError:", problem)

# %% [markdown] slug="cost-text"
# What does the silent fault cost? Train a network on 300 scenes, prepared by the contract, to name six colours. Then
# break the contract on the 200 others.

# %% slug="cost"
ready = (small / 255 - MEAN) / STD
model = NetworkClassifier(ImageCNN, epochs=8, random_state=0).fit(ready[:300], colour[:300])
broken = {
    "by the contract": ready,
    "only / 255": small / 255,
    "0 to 255": small,
    "blue, green, red": ready[..., ::-1],
}
costs = {name: model.score(X[300:], colour[300:]) for name, X in broken.items()}
print(describe(score_bars(costs, chance=1 / 6, label="accuracy on colours")))

# %% [markdown] slug="cost-see"
# **What to see:** no error, no warning, and far fewer right answers: divided by 255 only, about as few as by chance.
# Why could the article's silent fault have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="cnn.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | one place too few | steps counted, not places | `no-plus-one` |
# | maps differ from torch's | kernel turned round | `turned-round` |
# | colours ignored | one channel used | `first-channel-only` |
# | dim 4, while dim <= 2 | maps given where rows are wanted | `still-4-d` |
# | "each place sees 32 pixels" | strides multiplied, overlap forgotten | `strides-multiplied` |
# | features change with the batch | training mode | `left-in-training-mode` |
# | "Can't call numpy()" | gradients | `gradients-kept` |
# | probe too good | scored on training rows | `scored-on-training` |
# | poor results, no error | / 255 only | `only-divided-by-255` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Can you now, without looking: say how many places a kernel of 3 with stride 2 has on 10 pixels? say what one number
# sees behind two convolutions and a pool? name the two switches? say when random features beat trained ones, and when
# pixels beat both? state VGG16's contract?
#
# **Reuse this** on your own pictures, a folder with a `manifest.csv` that has a column `image`:
#
# ```python
# from mmlearn_edu.datasets import load_folder
# from mmlearn_edu.networks import vgg16_features
# pictures = load_folder("my_pictures").X["image"]
# features = vgg16_features(pictures, weights="download", pooled=True)  # (n, 512)
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - LeCun, Y. et al. (1998). Gradient-based learning applied to document recognition. *Proceedings of the IEEE* 86(11),
#   2278–2324.
# - Simonyan, K. & Zisserman, A. (2015). Very deep convolutional networks for large-scale image recognition. *ICLR*.
# - Saxe, A. et al. (2011). On random weights and unsupervised feature learning. *ICML*. (Random features that do well.)
# - Yosinski, J. et al. (2014). How transferable are features in deep neural networks? *NeurIPS* 27, 3320–3328.
# - Alain, G. & Bengio, Y. (2016). Understanding intermediate layers using linear classifier probes. arXiv:1610.01644.
# - Dumoulin, V. & Visin, F. (2016). A guide to convolution arithmetic for deep learning. arXiv:1603.07285.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | convolution | 卷积 | | kernel | 卷积核 |
# | map (feature map) | 特征图 | | stride, padding | 步幅，填充 |
# | pooling | 池化 | | receptive field | 感受野 |
# | batch normalisation | 批归一化 | | evaluation mode | 评估模式 |
# | frozen features | 冻结的特征 | | linear probe | 线性探针 |

# %% slug="progress"
progress()
