# %% [markdown] slug="title"
# # 14 · Autoencoders: what a small error does not tell
#
# **A network squeezes a picture into 16 numbers, and draws it again. What do the numbers mean?**
#
# The surprise: train it twice, with two seeds. Both rebuild equally well. But take a picture's code by one, and look for
# it among the codes by the other: you find the picture no more often than by chance. The numbers mean something to *one*
# decoder.
#
# You will be able to
# 1. compute the error of a rebuilt picture, and the angle between two subspaces;
# 2. build a network with a bottleneck, and choose its width;
# 3. detect a network that only copies;
# 4. rate a denoiser in decibels;
# 5. debug a search across two codes.
#
# **Needs** 05-cnn-features, 08-pca, 09-similarity. **Time** 50 minutes; *On a GPU* is optional. **Modality** 🖼 image 🔊 sound

# %% slug="imports"
import time

import numpy as np
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.nn.functional import mse_loss

from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.datasets import load_spoken_digits
from mmlearn_edu.evaluation import recall_at_k
from mmlearn_edu.features import mfcc_summary
from mmlearn_edu.networks import Autoencoder, ConvAutoencoder, device, seeded, train
from mmlearn_edu.plots import describe, image_grid, training_curves
from mmlearn_edu.representations import PCA, LeastSquaresMap
from mmlearn_edu.similarity import cosine_similarity
from mmlearn_edu.widgets import walk_latent

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("14-autoencoders", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article looks for the sound of a written digit (shown, not run):
#
# ```python
# def encode(X, n_numbers):
#     return Autoencoder(n_numbers).fit(X).transform(X)
#
# Z_image = encode(pictures, 16)
# Z_audio = encode(sounds, 16)  # the same width, so that they can be compared
# best = cosine_similarity(Z_image, Z_audio).argmax(axis=1)  # the clip for each picture
# ```
#
# It runs, and each network rebuilds its own modality well. By the end you will find and fix its fault.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# Three samples of two numbers: (3, 1), (−1, −3), (2, 2). Work on paper.
#
# **1 encode.** Keep one number, the **code**: the mean. 2, −2, 2. Two numbers through one: a **bottleneck**.
#
# **2 decode.** Make two of it: (z, z). Rebuilt: (2, 2), (−2, −2), (2, 2).
#
# **3 compare.** Squared errors: 1, 1; 1, 1; 0, 0. Their mean: 4 / 6 = 0.67.
#
# An **autoencoder** is a network that learns steps 1 and 2, an **encoder** and a **decoder**, so that step 3 comes out
# small. Nobody labels anything: the target is the input.
#
# Now a second one: its code is −2 times the mean, and its decoder divides by −2. Which error does it have?

# %% slug="hand-in-code"
points = np.array([[3, 1], [-1, -3], [2, 2]])
for stretch in (1, -2):
    code = stretch * points.mean(axis=1, keepdims=True)  # 1 encode
    drawn = np.repeat(code / stretch, 2, axis=1)  # 2 decode
    off = np.mean((points - drawn) ** 2)  # 3 compare
    print(f"code {code.ravel()}  rebuilt {drawn.tolist()}  error {off:.2f}")

# %% [markdown] slug="hand-see"
# The same pictures, the same error, other codes. Look for the first sample's code of the one, 2, among those of the other,
# −4, 4, −4: nearest is 4, the *second* sample. Keep this in mind; the error will not remind you.
#
# ## 4 · A linear autoencoder, and PCA
#
# Real data: digits of 14 writers, 64 pixels from 0 to 1. We learn from seven writers and judge by the others.

# %% slug="digits"
digits = load_spoken_digits()
images = (digits.X["image"] / 255).astype(np.float32)  # (1797, 8, 8)
y, seen = digits.y, digits.groups["writer"] < 7
X, X_new = images[seen].reshape(-1, 64), images[~seen].reshape(-1, 64)
print("to learn from", X.shape, " new", X_new.shape)

# %% [markdown] slug="errors-text"
# ### How wrong is a picture?
#
# The **mean squared error** (MSE) takes pixels as numbers. The **binary cross-entropy** (BCE) takes a rebuilt pixel p as
# the probability of ink: $-x\log p-(1-x)\log(1-p)$. In words: the surprise at ink, weighed by x,
# and the surprise at paper, weighed by 1 − x. In code: `-(X * np.log(p) + (1 - X) * np.log(1 - p))`.
# The networks below make the MSE small.

# %% slug="ex-errors" exercise="autoencoder.measure_errors"

# %% [markdown] slug="linear-text"
# Without ReLU, encoder and decoder are linear. So is PCA: project, and back. Train a linear autoencoder of four numbers
# with three seeds, and put four components beside them.

# %% slug="linear"
errors = use("autoencoder.measure_errors", rebuild_errors)


def rebuild(model, X):
    return model.inverse_transform(model.transform(X))


whole = {"epochs": 100, "learning_rate": 0.02, "validation_share": 0}  # no early stop: to the end
linear = [Autoencoder(4, hidden=(), patience=100, random_state=seed, **whole).fit(X) for seed in range(3)]
pca = PCA(n_components=4).fit(X)
for name, model in zip(["seed 0", "seed 1", "seed 2", "PCA"], [*linear, pca], strict=True):
    print(f"{name:6} new digits: MSE {errors(X_new, rebuild(model, X_new))[0]:.4f}")
print("grey pixels rebuilt without any error: MSE {:.2f}, BCE {:.2f}".format(*errors(X_new, X_new)))

# %% [markdown] slug="angle-text"
# All but equal: nothing linear can beat PCA on the pictures it learnt from. (And the smallest BCE is not 0: grey surprises.)
#
# ### Two subspaces, one angle
#
# Row i of the decoder's weights, transposed, is what number i of a code *draws*: a direction in 64 dimensions. Four
# directions span a **subspace**. Are those of PCA the same?
#
# **1 axes.** Replace the directions by axes of the same subspace, of length 1 and at right angles: `np.linalg.qr` does so
# for *columns*. **2 cosines.** The singular values of the product of both axes are the cosines of the angles between the
# subspaces, largest first. **3 angle.** The last one tells how far the worst direction sticks out.

# %% slug="ex-angle" exercise="autoencoder.compare_subspaces"

# %% slug="angles"
angle = use("autoencoder.compare_subspaces", subspace_angle)
drawn = [model.network_.decoder[0].weight.detach().numpy().T for model in linear]  # each (4, 64)
for seed, directions in enumerate(drawn):
    r = np.corrcoef(linear[seed].transform(X_new).T, pca.transform(X_new).T)[:4, 4:]
    print(f"seed {seed}: {angle(directions, pca.components_):.1f} degrees from PCA's subspace;", end=" ")
    print("best match of each number with a component:", np.abs(r).max(axis=1).round(2))
print(f"four pixels drawn at random: {angle(np.eye(64)[[10, 20, 30, 40]], pca.components_):.0f} degrees")
rows = np.vstack([pca.components_, drawn[0], drawn[1]])
rows /= np.linalg.norm(rows, axis=1, keepdims=True)
names = [f"{who} {i}" for who in ("PCA", "seed 0:", "seed 1:") for i in range(1, 5)]
print(describe(image_grid(rows.reshape(-1, 8, 8), names, n_columns=4)))

# %% [markdown] slug="angles-see"
# **What to see:** three different sets of four pictures. Yet all span one subspace, to within 5 degrees. The error
# fixes the *space*; which four directions say it, the seed decides.
#
# ## 5 · The same through the package
#
# `Autoencoder` puts ReLU between dense layers. Its loss, and what its network does with a batch:

# %% slug="source"
show_source(Autoencoder._loss)
show_source(type(linear[0].network_).forward)

# %% [markdown] slug="build-text"
# ### A network with a bottleneck
#
# Write it yourself in torch. `nn.Sequential` sends a batch through layers in turn; `nn.Linear(a, b)` makes b numbers of a.
# The check trains what you build for a second.

# %% slug="ex-build" exercise="autoencoder.stack_layers"

# %% slug="train-yours"
build = use("autoencoder.stack_layers", bottleneck_network)
with seeded(0):  # the first weights
    network = build(64, 8)
history = train(network, lambda network, X: mse_loss(network(X), X), X, epochs=40, learning_rate=0.003)
curves = {"training": history.train, "held out": history.validation}
print(describe(training_curves(curves, label="mean squared error")))

# %% [markdown] slug="width-text"
# **What to see:** both errors fall fast, then slowly, and stay together: nothing is learnt by heart yet.
#
# ### How narrow may it be?
#
# Sweep the width: PCA, the dense autoencoder with three seeds, and one with convolutions, `ConvAutoencoder`. Which width
# is enough? Decide the target *before* you look: here an MSE of 0.025.

# %% slug="ex-width" exercise="autoencoder.choose_width"

# %% slug="sweep"
widths = np.array([2, 4, 8, 16, 32])
flat, found = [errors(X_new, rebuild(PCA(n_components=k).fit(X), X_new))[0] for k in widths], []
for k in widths:
    trained = [Autoencoder(k, epochs=40, random_state=seed).fit(X) for seed in range(3)]
    found.append([errors(X_new, rebuild(model, X_new))[0] for model in trained])
conv = ConvAutoencoder(8, epochs=40, random_state=0).fit(images[seen])
for k, line, row in zip(widths, flat, found, strict=True):
    print(f"width {k:2}: PCA {line:.4f}   dense, three seeds {min(row):.4f} to {max(row):.4f}")
print(f"convolutions, 8: {errors(images[~seen], rebuild(conv, images[~seen]))[0]:.4f}")
narrow = use("autoencoder.choose_width", choose_width)
for name, table in {"PCA": np.array(flat)[:, None], "dense": np.array(found)}.items():
    print(f"enough for 0.025: {name} {narrow(widths, table, 0.025)}")

# %% [markdown] slug="sweep-see"
# **What to see:** a narrow dense code rebuilds better than as many components: it may bend. At 32 PCA wins; the network has
# not come to the end of its learning. And after as many epochs, on pictures this small, convolutions bring no gain.
#
# ## 6 · What a small error hides
#
# ### The identity trap
#
# Wider is better, says the error. So take 128 numbers for 64 pixels, linear. Is that the best autoencoder of all?

# %% slug="predict-noise"
predict("autoencoder.noise_out", ...)

# %% [markdown] slug="trap-task"
# To find out, give it what is no digit: noise. A network that copies lets it pass. No skeleton this time.

# %% slug="ex-noise" exercise="autoencoder.trace_noise"

# %% slug="trap"
kept = use("autoencoder.trace_noise", noise_kept)
noisy = X_new + np.random.default_rng(0).normal(scale=0.3, size=X_new.shape)
models = {
    "PCA, 8 numbers": PCA(n_components=8).fit(X),
    "linear, 128 numbers": Autoencoder(128, hidden=(), epochs=40, random_state=0).fit(X),
    "dense, 8 numbers": Autoencoder(8, epochs=40, random_state=0).fit(X),
}
share = {}
for name, model in models.items():
    clean = rebuild(model, X_new)
    share[name] = kept(X_new, noisy, clean, rebuild(model, noisy))
    print(f"{name:20} MSE {errors(X_new, clean)[0]:.4f}  noise kept {share[name]:.2f}")
predict("autoencoder.noise_out", result=share["linear, 128 numbers"])

# %% [markdown] slug="trap-see"
# The smallest error by far, and a copying machine: the **identity trap**. PCA with 8 axes of 64 lets 8/64 = 0.125 of the noise
# pass. The dense network keeps far more with its 8 numbers: a bottleneck alone does not clean.
#
# ### Denoising: where copying does not pay
#
# So make copying useless. A **denoising autoencoder** gets the picture *with* noise, and its target is the *clean* one:
# `mse_loss(network(X + noise), X)`. Write how much it gains.

# %% slug="ex-gain" exercise="autoencoder.rate_denoiser"

# %% slug="denoise"
gain = use("autoencoder.rate_denoiser", denoising_gain)
for name, noise in {"dense, 64 numbers": 0, "denoising, 64 numbers": 0.3}.items():
    models[name] = Autoencoder(64, noise=noise, epochs=40, random_state=0).fit(X)
cleaned = {name: rebuild(model, noisy) for name, model in models.items()}
for name, drawn in cleaned.items():
    print(f"{name:21} gain {gain(X_new, noisy, drawn):4.1f} dB", end="   ")
    print(f"MSE of clean digits {errors(X_new, rebuild(models[name], X_new))[0]:.4f}")
rows = np.stack([X_new, noisy, *cleaned.values()], axis=1)[:4]  # (4, 7, 64)
names = ["clean", "noisy", "PCA 8", "linear 128", "dense 8", "dense 64", "denoising"] * 4
print(describe(image_grid(rows.clip(0, 1).reshape(-1, 8, 8), names, n_columns=7)))

# %% [markdown] slug="denoise-see"
# **What to see:** the fourth column is nearly the second, noise and all; the last one is calm. The last two are
# one network with 64 numbers: only the noise it learnt with differs. On clean digits the denoiser's error is far the
# larger, and it is the better network.
#
# ### On a GPU (optional)
#
# The same code, wider where there is a GPU. On a CPU it is narrow and stops early; its error says so.

# %% slug="gpu" tags=["gpu-optional"]
scale, channels, epochs = (1, (8, 16), 20) if device().type == "cpu" else (4, (64, 128, 256), 60)
large = np.kron(images, np.ones((scale, scale), np.float32))  # every pixel drawn scale x scale
start = time.perf_counter()
wide = ConvAutoencoder(16, channels=channels, epochs=epochs, random_state=0).fit(large[seen])
off = errors(large[~seen], rebuild(wide, large[~seen]))[0]
size, seconds = " x ".join(map(str, large.shape[1:])), time.perf_counter() - start
print(f"on {device()}: {size} pixels, channels {channels}, {epochs} epochs")
print(f"MSE {off:.4f}, {seconds:.1f} s")

# %% [markdown] slug="walk-text"
# ## 7 · Walk through the codes
#
# With two numbers, a code is a place in a plane, and the decoder draws a picture at *every* place, also where no digit lies.
# A picture is read as the digit whose mean picture is nearest.
#
# **Task:** walk from a 7 to a 1 by keys or by mouse, and stop at the border. Then write the place, or `walking`, below.

# %% slug="widget"
plane = Autoencoder(2, hidden=(128, 64), epochs=60, random_state=4).fit(X)


def decode(Z):
    return plane.inverse_transform(Z).clip(0, 1)


walking = walk_latent(plane.transform(X), y[seen], decode, start=7, goal=1)
way = np.linspace(*walking.ends, 50)  # straight from the 7 to the 1
read = np.array([walking.read_as(place) for place in way])
walking

# %% slug="ex-border" exercise="autoencoder.find_border"

# %% [markdown] slug="walk-see"
# The picture melts slowly; its name jumps. The encoder knows no names: borders are ours. And the 1s lie in two places far
# apart: nothing asked that they lie together.
#
# ## 8 · Debug the article
#
# First, two codes of the *same* pictures. Only the seed differs. **Recall@1** (chapter 09) is the share of queries whose
# nearest item is the right one.

# %% slug="predict-seeds"
predict("autoencoder.other_seed", ...)

# %% slug="seeds"
twins = [Autoencoder(16, epochs=40, random_state=seed).fit(X) for seed in (0, 1)]
(A, B), (A_new, B_new) = ([model.transform(part) for model in twins] for part in (X, X_new))
print("MSE of both:", [f"{errors(X_new, rebuild(model, X_new))[0]:.4f}" for model in twins])
as_they_are = recall_at_k(cosine_similarity(A_new, B_new), k=1)
carried = LeastSquaresMap().fit(A, B).transform(A_new)  # learnt from the old digits, coded by both
print(f"recall@1 as they are {as_they_are:.3f}, chance {1 / len(X_new):.3f}")
print(f"recall@1 carried over by a linear map {recall_at_k(cosine_similarity(carried, B_new), k=1):.3f}")
predict("autoencoder.other_seed", result=as_they_are)

# %% [markdown] slug="debug-text"
# Nothing is lost, only turned, stretched and bent: a map learnt from digits that *both* have coded brings nearly all back.
#
# Now the article. Its loud fault came first: other widths. Its repair, the same width, made it silent. `sounds` are
# 26 numbers a clip (chapter 06); right is a clip of the same digit, so chance is 1 in 10. Run both cells, mend the
# function by what you just saw, and run them again: eight minutes.

# %% slug="loud-fault"
sounds = mfcc_summary(digits.X["audio"], 8000)
sounds = StandardScaler().fit(sounds[seen]).transform(sounds).astype(np.float32)
Z_image, Z_audio = [], []
for seed in range(3):
    network = Autoencoder(16, epochs=40, random_state=seed)
    Z_image.append(network.fit(X).transform(images.reshape(-1, 64)))
    Z_audio.append(network.fit(sounds[seen]).transform(sounds))  # a fresh start
try:
    cosine_similarity(Z_image[0], Z_audio[0][:, :8])
except ValueError as problem:
    print("ValueError:", problem)

# %% slug="ex-fix" exercise="autoencoder.fix_article"

# %% slug="debug-run"
old, new = np.flatnonzero(seen), np.flatnonzero(~seen)
same_digit = y[new][:, None] == y[new]
search = {"image → sound": Z_audio, "image → image": Z_image}
for name, there in search.items():
    hits = []
    for Z, other in zip(Z_image, there, strict=True):
        scores = match_scores(Z, other, old, new)
        if other is Z:
            np.fill_diagonal(scores, -2)  # not itself
        hits.append(recall_at_k(scores, 1, same_digit))
    print(f"{name}: recall@1 {np.mean(hits):.2f} of seeds {np.round(hits, 2)}")
print(f"chance {same_digit.mean():.2f}")

# %% [markdown] slug="why-question"
# Before your repair: nearly always right within images; from image to sound about chance, a little over or under it by
# the luck of the seed. After it: several times chance, without training either network again, and far from perfect: each
# had kept what *its* modality needs. Networks that learn *together* come in chapter 15.
#
# Why could this have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="autoencoder.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | error far too small | signs cancel | `signs-cancel` |
# | the cross-entropy is nan | log of 0 | `not-clipped` |
# | A and 2A make an angle | no axes made | `no-axes-made`, `only-length-one` |
# | rebuilds no better than PCA | no ReLU | `linear` |
# | half of the plane is empty | ReLU on the code | `relu-on-the-code` |
# | a width that fails tomorrow | averaged over seeds | `on-average`, `best-seed` |
# | noise counted that was error | compared with the picture | `compared-with-the-clean-picture` |
# | a good denoiser below 0 dB | upside down | `upside-down` |
# | search across codes at chance | two spaces | `as-published`, `standardised`, `two-pcas` |
# | search too good | map has seen the answers | `fitted-on-all` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Can you now, without looking: say what a linear autoencoder shares with PCA, and what not? find a copying machine without
# looking at its error? say what a denoiser gets, and what its target is? say why two good codes cannot be compared, and
# what repairs it?
#
# **Reuse this** on your own pictures, a folder with a `manifest.csv` that has a column `image`:
#
# ```python
# from mmlearn_edu.datasets import load_folder
# from mmlearn_edu.networks import ConvAutoencoder
# pictures = load_folder("my_pictures", image_size=(32, 32)).X["image"]
# codes = ConvAutoencoder(16, noise=0.1, random_state=0).fit_transform(pictures)  # (n, 16)
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Baldi, P. & Hornik, K. (1989). Neural networks and principal component analysis: learning from examples without local
#   minima. *Neural Networks* 2(1), 53–58.
# - Hinton, G. E. & Salakhutdinov, R. R. (2006). Reducing the dimensionality of data with neural networks. *Science*
#   313(5786), 504–507.
# - Vincent, P. et al. (2010). Stacked denoising autoencoders: learning useful representations in a deep network with a
#   local denoising criterion. *JMLR* 11, 3371–3408.
# - Björck, Å. & Golub, G. H. (1973). Numerical methods for computing angles between linear subspaces. *Mathematics of
#   Computation* 27(123), 579–594.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | autoencoder | 自编码器 | | encoder, decoder | 编码器，解码器 |
# | code, latent | 编码，潜变量 | | bottleneck | 瓶颈 |
# | to rebuild | 重构 | | subspace | 子空间 |
# | denoising | 去噪 | | identity map | 恒等映射 |
# | cross-entropy | 交叉熵 | | least-squares map | 最小二乘映射 |

# %% slug="progress"
progress()
