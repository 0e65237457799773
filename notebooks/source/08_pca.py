# %% [markdown] slug="title"
# # 08 · PCA: the directions in which data varies
#
# **In which directions do samples differ most, and what is lost if we keep only those?**
#
# The surprise: forget one subtraction, and the "first principal axis" is only the mean. No error is raised, and the
# number in your report gets *better*.
#
# You will be able to
# 1. compute principal axes: centre, covariance, decompose, order;
# 2. explain why an axis has no sign;
# 3. rebuild samples from few numbers, and count the axes that hold 90 % of the variance;
# 4. fit on training rows only, and measure the leak otherwise;
# 5. debug a PCA that runs and is wrong.
#
# **Needs** 00-start-here. **Time** 50 minutes; *Another data set* is optional. **Modality** 🖼 image

# %% slug="imports"
import numpy as np
from sklearn.decomposition import PCA as SklearnPCA
from sklearn.model_selection import GroupShuffleSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from mmlearn_edu.checks import check, predict, progress, recall, show_source, use
from mmlearn_edu.datasets import load_spoken_digits, make_scenes
from mmlearn_edu.plots import describe, image_grid, score_bars, scree
from mmlearn_edu.representations import PCA
from mmlearn_edu.widgets import share_caught, turn_axis

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Three questions from before. Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("08-pca", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article reduces pictures to two numbers each. It prints this listing (shown here, not run):
#
# ```python
# from sklearn.manifold import PCA
#
# Z = PCA(n_components=2).fit_transform(images)
# ```
#
# The import fails. A comment below the article repairs it: "no import needed, PCA is just the SVD":
#
# ```python
# _, s, Vt = np.linalg.svd(images, full_matrices=False)
# share = s**2 / np.sum(s**2)
# Z = images @ Vt[:2].T
# print(f"two components keep {share[:2].sum():.0%} of the variance")
# ```
#
# This one runs, and everybody is happy. By the end you will find and fix its fault.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# Four samples, two features: (6, 2), (2, 6), (5, 5), (3, 3). Work on paper.
#
# **1 centre.** The mean is (4, 4). Subtract it: (2, −2), (−2, 2), (1, 1), (−1, −1).
#
# **2 covariance.** $C = \frac{1}{n-1}\,(X-\bar x)^\top (X-\bar x)$: in words, how the features vary together, averaged
# over samples. In code: `centred.T @ centred / (n - 1)`, shape `(n_features, n_features)`. Here
# $C = \frac13\begin{pmatrix}10&-6\\-6&10\end{pmatrix}$.
#
# **3 decompose.** $C v = \lambda v$: along $v$ the data varies by $\lambda$. Try $v=(1,-1)$: $\lambda = 16/3$.
# Try $(1,1)$: $\lambda = 4/3$.
#
# **4 order.** First axis $(1,-1)$, with 16 of 20 parts: 80 % of the variance.

# %% slug="hand-in-code"
points = np.array([[6, 2], [2, 6], [5, 5], [3, 3]])
centred = points - points.mean(axis=0)  # 1 centre
covariance = centred.T @ centred / (len(points) - 1)  # 2 covariance
variances, vectors = np.linalg.eigh(covariance)  # 3 decompose: smallest first, one axis per column
print("variances", variances.round(2), " shares", (variances / variances.sum()).round(2))
print("first axis", vectors[:, -1].round(2))

# %% [markdown] slug="hand-raw-text"
# Length 1 turns (1, −1) into (0.71, −0.71). Your computer may show (−0.71, 0.71): both span the same line and catch the
# same variance. **An axis has no sign.**
#
# Now leave out step 1, as the comment did, and look along the axis that comes out.

# %% slug="hand-raw"
_, s, Vt = np.linalg.svd(points, full_matrices=False)
along = centred @ Vt[0]  # where the samples lie along that axis
print("first axis", Vt[0].round(2), f" it claims {s[0] ** 2 / np.sum(s**2):.0%}")
print(f"it really catches {along.var() / centred.var(axis=0).sum():.0%} of the variance")

# %% [markdown] slug="predict-text"
# The axis now points from zero to the mean, (4, 4). It claims the most and catches the least. Was that bad luck with
# four points?
#
# ## 4 · Predict, run, explain
#
# Here are 1797 handwritten digits of 8 × 8 pixels. As a matrix: `(1797, 64)`, one row per sample, grey levels 0 to 255.

# %% slug="digits"
digits = load_spoken_digits()
images = digits.X["image"].reshape(1797, 64).astype(float)
y, writer = digits.y, digits.groups["writer"]
print(images.shape, "from", len(np.unique(writer)), "writers")

# %% slug="predict-raw-axis"
predict("pca.raw_axis", ...)

# %% slug="raw-axis"
mean_digit = images.mean(axis=0)
raw_axes = np.linalg.svd(images, full_matrices=False)[2]
true_axes = np.linalg.svd(images - mean_digit, full_matrices=False)[2]
cosine = abs(raw_axes[0] @ mean_digit) / np.linalg.norm(mean_digit)
predict("pca.raw_axis", result=cosine)

twins = np.stack([mean_digit / np.linalg.norm(mean_digit), true_axes[0], true_axes[1]])
signs = np.sign(np.sum(twins * raw_axes[:3], axis=1, keepdims=True))  # any sign is right; equal ones compare easily
shown = np.stack([twins, signs * raw_axes[:3]], axis=1).reshape(6, 8, 8)
names = ["mean", "raw 1", "centred 1", "raw 2", "centred 2", "raw 3"]
print(f"cosine of the mean and raw axis 1: {cosine:.5f}")
print(describe(image_grid(shown, names)))

# %% [markdown] slug="raw-axis-text"
# **What to see:** pairs of twins. Raw axis 1 *is* the mean digit. The other raw axes are the centred ones,
# one place late: the mean took the first place.
#
# ## 5 · On real data, through the package
#
# The package's `PCA`, scikit-learn's and the three lines of NumPy above must agree, up to signs. Read how ours does it:
# `_principal_axes` decomposes the covariance of tall data, and takes the SVD of wide data.

# %% slug="library"
for library in (PCA(n_components=3), SklearnPCA(n_components=3, svd_solver="full")):
    library.fit(images)
    same = np.abs(np.sum(true_axes[:3] * library.components_, axis=1))  # 1 where two unit axes span one line
    np.testing.assert_allclose(same, 1)
    np.testing.assert_allclose(library.mean_, mean_digit)
print("NumPy, mmlearn_edu and scikit-learn agree")
show_source(PCA.fit)

# %% [markdown] slug="does-it-matter-question"
# Does centring matter? Recognise digits by their five nearest neighbours, writers kept apart, from one axis and from
# twenty.


# %% slug="does-it-matter"
def score(Z):
    """Recognise digits from Z (n_samples, k): five splits, no writer on both sides."""
    splits = GroupShuffleSplit(n_splits=5, test_size=0.5, random_state=0)
    return cross_val_score(KNeighborsClassifier(5), Z, y, groups=writer, cv=splits).mean()


scores = {}
for k, which in ((1, "axis 1"), (20, "axes 1 to 20")):
    scores[f"raw {which}"] = score(images @ raw_axes[:k].T)
    scores[f"centred {which}"] = score((images - mean_digit) @ true_axes[:k].T)
scores["all 64 pixels (ceiling)"] = score(images)
print(describe(score_bars(scores, chance=0.1, label="accuracy, mean of 5 splits")))

# %% [markdown] slug="does-it-matter-text"
# **What to see:** the first raw axis is hardly better than chance, the first centred axis about three times as good.
# With twenty axes the difference is gone: the mean costs one axis of twenty. The fault hides where nobody looks at
# single axes.
#
# ## 6 · Exercises
#
# Start with one blank. `X` is `(n_samples, n_features)`; you need one mean per feature.

# %% slug="ex-center" exercise="pca.center"

# %% [markdown] slug="fit-axes-text"
# Now the whole recipe, with the four steps as comments. `np.linalg.eigh` returns variances from small to large, and one
# axis per **column**. You return one axis per **row**, most variance first.

# %% slug="ex-fit-axes" exercise="pca.fit_axes"

# %% [markdown] slug="there-and-back-text"
# Axes alone store nothing. **Project** a sample on them and you have its code, k numbers. **Rebuild** it from the code,
# and you see what was kept. First there:

# %% slug="ex-transform" exercise="pca.transform"

# %% [markdown] slug="inverse-text"
# And back. Undo the two steps of `transform` in reverse order. The cell after it takes your functions if they pass, and
# the workbook's otherwise (`use`), so you are never stuck.

# %% slug="ex-inverse" exercise="pca.inverse"

# %% slug="rebuilt"
axes_of = use("pca.fit_axes", fit_axes)
there, back = use("pca.transform", transform), use("pca.inverse", inverse)
rows, names = [], []
for k in (1, 5, 20, 64):
    axes, _ = axes_of(images, k)
    rebuilt = back(there(images, mean_digit, axes), mean_digit, axes)
    rows.extend(rebuilt[:6])
    names.extend([f"k = {k}"] * 6)
    print(f"k = {k:2}: off by {np.sqrt(np.mean((images - rebuilt) ** 2)):4.1f} grey levels (root mean square)")
print(describe(image_grid(np.reshape(rows, (-1, 8, 8)), names, n_columns=6)))

# %% [markdown] slug="rebuilt-text"
# **What to see:** one axis gives blurs, five hint at the digit, twenty can be read, 64 lose nothing. The error falls
# with every axis.
#
# How many are enough? A common rule: the fewest that hold 90 % of the variance.

# %% slug="ex-components-for" exercise="pca.components_for"

# %% slug="scree"
how_many = use("pca.components_for", components_for)
_, every_variance = axes_of(images, 64)
share = np.clip(every_variance / every_variance.sum(), 0, 1)  # the last are zero, and may round to -1e-17
k = how_many(every_variance, 0.9)
print(f"{k} of 64 axes hold {share[:k].sum():.1%} of the variance")
print(describe(scree(share, target=0.9)))

# %% [markdown] slug="leak-text"
# **What to see:** the bars fall quickly, the line climbs past the dashed 90 %. A rule, not a law: variance is not
# importance.
#
# ### Which rows may it see?
#
# PCA needs no labels. So may it look at the test rows?
#
# First write the honest version. No skeleton this time: the docstring says what must hold. `np.linalg.svd` of *centred*
# rows is the second road to the same axes: they are the rows of `Vt`.

# %% slug="ex-train-only-fit" exercise="pca.train_only_fit"

# %% [markdown] slug="predict-test-text"
# Then predict what cheating would bring.

# %% slug="predict-test-error"
predict("pca.test_error", ...)


# %% slug="leak"
def error_on_test(rows, test, k=20):
    mean, axes = images[rows].mean(axis=0), axes_of(images[rows], k)[0]
    return np.mean((images[test] - back(there(images[test], mean, axes), mean, axes)) ** 2)


errors = []
for seed in range(5):
    train, rest = (np.random.default_rng(seed).permutation(np.flatnonzero(half)) for half in (writer < 7, writer >= 7))
    few, test, others = train[:60], rest[:60], rest[60:120]
    errors.append([error_on_test(rows, test) for rows in (few, np.r_[few, others], np.r_[few, test], train)])
print("fitted on: 60 training rows | + 60 other rows | + the 60 test rows | all training rows")
print(np.round(errors), f"= squared error on the test, one row per seed; all training rows: {len(train)}")
predict("pca.test_error", result=np.mean(errors, axis=0)[2] / np.mean(errors, axis=0)[0])

# %% [markdown] slug="leak-result-text"
# **What to see:** sixty other rows help a little; that is honest. The sixty *test* rows help more than hundreds of
# training rows do: PCA has learned these very rows by heart. On new digits that gain is gone. Labels or not,
# **fit on train only**.
#
# ## 7 · Turn the axis yourself
#
# For every twelfth digit: how dark is its left half, how dark its right half (mean grey level)? Turn the axis with the
# slider or the arrow keys until it catches the most variance.

# %% slug="turn"
pictures = digits.X["image"][::12]
halves = np.stack([pictures[:, :, :4].mean(axis=(1, 2)), pictures[:, :, 4:].mean(axis=(1, 2))], axis=1)
turning = turn_axis(halves, labels=("left half (grey level)", "right half (grey level)"))
turning

# %% slug="ex-turn-axis" exercise="pca.turn_axis"


# %% slug="turn-compare"
def degrees(direction):
    return np.degrees(np.arctan2(direction[1], direction[0])) % 180


covariance = np.cov(halves, rowvar=False)
lines = {
    "PCA": axes_of(halves, 1)[0][0],
    "line predicting right from left": covariance[0],
    "SVD without centring": np.linalg.svd(halves)[2][0],
}
for name, direction in lines.items():
    print(f"{name:32} {degrees(direction):4.0f}°  catches {share_caught(halves, degrees(direction)):.0%}")

# %% [markdown] slug="turn-text"
# The regression line is another line: it predicts one half from the other. And without centring you get the axis that
# catches the *least*: the digits lie far from zero, in the direction "both halves dark".
#
# ## 8 · Debug the article
#
# First the loud fault. Read the last line of a traceback first: it names the kind of error and the name it missed.

# %% slug="loud-fault"
try:
    from sklearn.manifold import PCA as ArticlePCA

    Z = ArticlePCA(n_components=2).fit_transform(images)
except ImportError as error:
    print("ImportError:", str(error).split(" (")[0])

# %% [markdown] slug="debug-text"
# PCA lives in `sklearn.decomposition`; `sklearn.manifold` has t-SNE and its like.
#
# Then the silent fault. Below is the comment's repair as a function. Run it, run the cell after it, and compare the
# two shares. Then mend it. You have eight minutes.

# %% slug="ex-fix-article" exercise="pca.fix_article"

# %% slug="debug-run"
for name, X in {"images": images, "images + 1000": images + 1000}.items():
    Z, kept = article_pca(X, 2)
    print(f"{name:14} two components keep {kept:.1%}; the columns of Z average {Z.mean(axis=0).round(1)}")

# %% [markdown] slug="why-text"
# The same digits on brighter paper cannot vary in other directions. If the share moved, it was not variance.
#
# Now in one sentence: why could this have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why-unnoticed" exercise="pca.why_unnoticed"

# %% [markdown] slug="other-data-text"
# ## Another data set (optional)
#
# Made-up scenes: one coloured shape on grey ground, 32 × 32 × 3 numbers each. We know what made them (the latents).
# Guess what the first axis is about before you run this: shape, place or ground?

# %% slug="other-data"
scenes = make_scenes(300)
pixels = scenes.X["image"].reshape(300, -1).astype(float)
pca = PCA(n_components=50).fit(pixels)
Z = pca.transform(pixels)
share = pca.explained_variance_ratio_
print(f"{pixels.shape}: 50 axes hold {share.sum():.0%} of the variance, the first {share[0]:.0%}")
for latent in ("background", "x", "y"):
    print(f"correlation of axis 1 with {latent:10} {abs(np.corrcoef(Z[:, 0], scenes.latents[latent])[0, 1]):.2f}")

# %% [markdown] slug="other-data-result"
# The first axis is the grey of the background. PCA finds what varies most, not what matters most to you.

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | the check says |
# |---|---|---|
# | first axis looks like the average sample | not centred | `uncentred` |
# | columns do not average zero | wrong axis, or one mean | `centred-rows`, `one-mean-for-all` |
# | first axis catches the least | `eigh` sorts upwards | `smallest-first` |
# | axes look like noise | rows, not columns, of `vectors` | `rows-not-columns` |
# | rebuilt pictures too dark | mean not added | `forgot-the-mean` |
# | test error too good | test rows seen while fitting | `fitted-on-all` |
# | test codes make no sense | second fit, other mean | `fitted-twice`, `test-mean` |
# | one axis too few | position taken for count | `off-by-one` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Can you now, without looking: write the four steps? say why a sign means nothing? say what 90 % is 90 % *of*? name
# what may be fitted on test rows (nothing)? find a missing mean by adding 1000?
#
# **Reuse this** on your own matrix:
#
# ```python
# from mmlearn_edu.representations import PCA
# pca = PCA(n_components=10).fit(X_train)
# Z_test = pca.transform(X_test)
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Pearson, K. (1901). On lines and planes of closest fit to systems of points in space. *Philosophical Magazine*,
#   series 6, 2(11), 559–572.
# - Jolliffe, I. T. (2002). *Principal Component Analysis*, 2nd ed. Springer.
# - Jolliffe, I. T. & Cadima, J. (2016). Principal component analysis: a review and recent developments.
#   *Phil. Trans. R. Soc. A* 374.
# - Deisenroth, M. P., Faisal, A. A. & Ong, C. S. (2020). *Mathematics for Machine Learning*, ch. 10. Cambridge.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | principal component | 主成分 | | explained variance | 解释方差 |
# | to centre | 中心化 | | reconstruction | 重构 |
# | covariance matrix | 协方差矩阵 | | singular value decomposition | 奇异值分解 |
# | eigenvector | 特征向量 | | data leakage | 数据泄漏 |

# %% slug="progress"
progress()
