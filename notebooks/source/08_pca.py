# %% [markdown] slug="title"
# # 08 · PCA: the directions in which data varies
#
# **In which directions do samples differ most, and what is lost if we keep only those?**
#
# Principal component analysis (PCA) finds these directions, the *axes* (libraries say *components*). The surprise:
# forget one subtraction, and the first axis is only the mean. Nothing fails, and the number in your report gets
# *better*.
#
# You will be able to
# 1. compute principal axes: centre, covariance, decompose, order;
# 2. explain why an axis has no sign;
# 3. rebuild samples from few numbers, and count the axes that hold 90 % of the variance;
# 4. fit on training rows only, and measure the leak if not;
# 5. debug a PCA that runs and is wrong.
#
# **Needs** 00-start-here. **Time** 50 minutes; *Another data set* is optional. **Modality** 🖼 image

# %% slug="imports"
import numpy as np
from sklearn.decomposition import PCA as SklearnPCA
from sklearn.decomposition import TruncatedSVD
from sklearn.model_selection import GroupShuffleSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.datasets import load_spoken_digits, make_scenes
from mmlearn_edu.plots import describe, image_grid, score_bars, scree
from mmlearn_edu.representations import PCA
from mmlearn_edu.widgets import share_caught, turn_axis

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("08-pca", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article reduces pictures to two numbers each (shown, not run):
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
# This one runs. The singular value decomposition (SVD) gives directions, the rows of `Vt`, and in `s` how far the rows
# of the matrix reach along each, longest first. By the end you will find and fix the fault.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# Four samples, two features: (6, 2), (2, 6), (5, 5), (3, 3). Work on paper.
#
# **1 centre.** The mean is (4, 4). Subtract it: (2, −2), (−2, 2), (1, 1), (−1, −1).
#
# **2 covariance.** $C = \frac{1}{n-1}\,(X-\bar x)^\top (X-\bar x)$: in words, how the features vary together, averaged
# over samples; on its diagonal stands the **variance** of each: how far, squared, it lies from its mean. In code:
# `centred.T @ centred / (n - 1)`, shape `(n_features, n_features)`. Here
# $C = \frac13\begin{pmatrix}10&-6\\-6&10\end{pmatrix}$.

# %% [markdown] slug="by-hand-decompose"
# **3 decompose.** $C v = \lambda v$: an **eigenvector** $v$, a direction that $C$ only stretches, and $\lambda$ is the
# variance along it. Try $v=(1,-1)$: $Cv=\frac13(16,-16)$, so $\lambda=\frac{16}3$. Try $(1,1)$: $\lambda=\frac43$.
#
# **4 order.** Largest first: axis $(1,-1)$ holds 16 of 16 + 4 parts, 80 % of the variance.

# %% slug="hand-in-code"
points = np.array([[6, 2], [2, 6], [5, 5], [3, 3]])
centred = points - points.mean(axis=0)  # 1 centre
covariance = centred.T @ centred / (len(points) - 1)  # 2 covariance
variances, vectors = np.linalg.eigh(covariance)  # 3 decompose: comes smallest first
print("variances", variances.round(2), " shares", (variances / variances.sum()).round(2))
print("first axis", vectors[:, -1].round(2))  # 4 order: the last column

# %% [markdown] slug="hand-raw-text"
# Shortened to length 1, (1, −1) is (0.71, −0.71). Your computer may show (−0.71, 0.71): both span the same line and
# catch the same variance. **An axis has no sign.**
#
# Now leave out step 1, as the comment did, and look along the axis that comes out. It *claims* what the comment calls
# its share.

# %% slug="hand-raw"
_, s, Vt = np.linalg.svd(points, full_matrices=False)
along = centred @ Vt[0]  # where each sample lies along that axis
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
_, s, true_axes = np.linalg.svd(images - mean_digit, full_matrices=False)
twins = np.vstack([mean_digit / np.linalg.norm(mean_digit), true_axes[:2]])
cosines = np.sum(twins * raw_axes[:3], axis=1)  # 1 or -1: the two lie on one line
predict("pca.raw_axis", result=abs(cosines[0]))

pairs = np.stack([twins, np.sign(cosines)[:, None] * raw_axes[:3]], axis=1)  # signs made equal
names = ["mean", "raw 1", "centred 1", "raw 2", "centred 2", "raw 3"]
print("cosines within the three pairs, without sign:", np.abs(cosines).round(3))
print(describe(image_grid(pairs.reshape(6, 8, 8), names)))

# %% [markdown] slug="raw-axis-text"
# **What to see:** three pairs of twins. Raw axis 1 *is* the mean digit. The next raw axes are, very nearly, the first
# centred ones, one place late: the mean took the first place.
#
# ## 5 · On real data, through the package
#
# The package's `PCA`, scikit-learn's and the SVD of centred rows must agree, up to signs. The variance
# along an axis is its entry of `s`, squared, over n − 1. Then read how ours does it: two helpers, one for tall and one
# for wide data, do steps 1 to 4; new rows come later. Find the line that centres them.

# %% slug="library"
for library in (PCA(n_components=3), SklearnPCA(n_components=3, svd_solver="full")):
    library.fit(images)
    cosines = np.sum(true_axes[:3] * library.components_, axis=1)
    np.testing.assert_allclose(np.abs(cosines), 1)
    np.testing.assert_allclose(library.mean_, mean_digit)
    np.testing.assert_allclose(library.explained_variance_, s[:3] ** 2 / (len(images) - 1))
print("NumPy, mmlearn_edu and scikit-learn agree")
show_source(PCA.fit)
show_source(PCA._project)

# %% [markdown] slug="does-it-matter-question"
# Does centring matter? Recognise digits by their five nearest neighbours, from one axis and from twenty. `TruncatedSVD`
# is an SVD *without* centring. Five splits, no writer on both sides, all fitted on the training half.


# %% slug="does-it-matter"
def score(*steps):
    splits = GroupShuffleSplit(n_splits=5, test_size=0.5, random_state=0)
    model = make_pipeline(*steps, KNeighborsClassifier(5))
    return cross_val_score(model, images, y, groups=writer, cv=splits).mean()


scores = {}
for k in (1, 20):
    scores[f"raw k = {k}:"] = score(TruncatedSVD(k, random_state=0))
    scores[f"centred k = {k}:"] = score(PCA(n_components=k))
scores["all 64 pixels (ceiling):"] = score()
print(describe(score_bars(scores, chance=0.1, label="accuracy, mean of 5 splits")))

# %% [markdown] slug="does-it-matter-text"
# **What to see:** the first raw axis is hardly better than chance; the first centred axis is right more than twice as
# often. With twenty axes the difference is gone: the mean costs one axis of twenty. The fault hides where nobody looks
# at single axes.
#
# ## 6 · Exercises
#
# Start with one blank: you need one mean per feature.

# %% slug="ex-center" exercise="pca.center"

# %% [markdown] slug="fit-axes-text"
# Now the four steps of section 3. `np.linalg.eigh` returns variances from small to large, and one axis per **column**.
# You return one axis per **row**, most variance first.

# %% slug="ex-fit-axes" exercise="pca.fit_axes"

# %% [markdown] slug="there-and-back-text"
# **Project** a sample on k axes and you have its *code*: k numbers, how far it lies along each. **Rebuild** it from the
# code, and you see what was kept. First there:

# %% slug="ex-transform" exercise="pca.transform"

# %% [markdown] slug="inverse-text"
# And back. Undo the two steps of `transform` in reverse order.

# %% slug="ex-inverse" exercise="pca.inverse"

# %% slug="rebuilt"
axes_of = use("pca.fit_axes", fit_axes)
there, back = use("pca.transform", transform), use("pca.inverse", inverse)
rows, names = [], []
for k in (1, 5, 20, 64):
    axes, _ = axes_of(images, k)
    rebuilt = back(there(images, mean_digit, axes), mean_digit, axes)
    rows.extend(rebuilt[:6])
    names.extend(f"{digit} by k = {k}" for digit in y[:6])
    off = np.sqrt(np.mean((images - rebuilt) ** 2))
    print(f"k = {k:2}: off by {off:4.1f} grey levels (root mean square)")
print(describe(image_grid(np.reshape(rows, (-1, 8, 8)), names, n_columns=6)))

# %% [markdown] slug="rebuilt-text"
# **What to see:** one axis gives blurs, five hint at the digit, twenty can be read, 64 lose nothing.
#
# How many are enough? A common rule: the fewest that hold 90 % of the variance.

# %% slug="ex-components-for" exercise="pca.components_for"

# %% slug="scree"
how_many = use("pca.components_for", components_for)
_, every_variance = axes_of(images, 64)
share = np.clip(every_variance / every_variance.sum(), 0, 1)  # rounding can leave -1e-17
k = how_many(every_variance, 0.9)
print(f"{k} of 64 axes hold {share[:k].sum():.1%} of the variance")
print(describe(scree(share, target=0.9)))

# %% [markdown] slug="leak-text"
# **What to see:** the bars, one per axis, fall quickly; the line adds them up and passes the dashed 90 %. A rule, not a
# law: variance is not importance.
#
# ### Which rows may it see?
#
# PCA needs no labels. So may it look at the test rows?
#
# First write the honest version. No skeleton this time. Call your `fit_axes` and `transform`, or take the second road
# to the axes: the rows of `Vt` in the SVD of *centred* rows.

# %% slug="ex-train-only-fit" exercise="pca.train_only_fit"

# %% [markdown] slug="predict-test-text"
# Then predict what cheating would bring. A cheat fits on the test digits too.

# %% slug="predict-test-error"
predict("pca.test_error", ...)

# %% [markdown] slug="leak-columns"
# Each row below is another draw of digits. Its four squared errors: **1** the honest fit, on the test digits; **2** the
# cheat, on the test digits; **3** the *same* cheat, on 60 digits it never saw; **4** fitted on all training digits, on
# the test digits.


# %% slug="leak"
def loss(rows, fitted_on):
    pca = PCA(n_components=20).fit(fitted_on)
    return np.mean((rows - pca.inverse_transform(pca.transform(rows))) ** 2)


rng, table = np.random.default_rng(0), []
for _ in range(5):
    train, rest = rng.permutation(images[writer < 7]), rng.permutation(images[writer >= 7])
    test, new, seen = rest[:60], rest[60:120], np.vstack([train[:60], rest[:60]])
    table.append([loss(test, train[:60]), loss(test, seen), loss(new, seen), loss(test, train)])
print(np.round(table), f"all training digits: {len(train)}")
predict("pca.test_error", result=np.mean(table, axis=0)[1] / np.mean(table, axis=0)[0])

# %% [markdown] slug="leak-result-text"
# **What to see:** column 2 beats even hundreds of training digits (4): PCA has learned these very rows by heart. On new
# digits (3) the same axes do much worse. Labels or not, **fit on train only**.
#
# ## 7 · Turn the axis yourself
#
# For every twelfth digit: how bright is its left half, how bright its right half (mean grey level)? Turn the axis with
# the slider or the arrow keys until it catches the most variance. Then type its angle below the widget.

# %% slug="turn"
pictures = digits.X["image"][::12]
left, right = pictures[:, :, :4].mean(axis=(1, 2)), pictures[:, :, 4:].mean(axis=(1, 2))
halves = np.stack([left, right], axis=1)  # (150, 2)
turning = turn_axis(halves, labels=("left half (grey level)", "right half (grey level)"))
turning

# %% slug="ex-turn-axis" exercise="pca.turn_axis"

# %% slug="turn-compare"
covariance = np.cov(halves, rowvar=False)
lines = {
    "PCA": axes_of(halves, 1)[0][0],
    "at right angles to it": axes_of(halves, 2)[0][1],
    "line predicting right from left": covariance[0],  # slope: covariance / variance of left
    "SVD without centring": np.linalg.svd(halves, full_matrices=False)[2][0],
}
for name, axis in lines.items():
    degrees = np.degrees(np.arctan2(axis[1], axis[0])) % 180
    print(f"{name:32} {degrees:4.0f}°  catches {share_caught(halves, degrees):.0%}")

# %% [markdown] slug="turn-text"
# The regression line answers another question. And without centring you get almost the axis that catches the *least*:
# the digits lie far from zero, in the direction "both halves bright".
#
# ## 8 · Debug the article
#
# First the loud fault. Start with the last line of a traceback: it names the kind of error and the name it missed.

# %% slug="loud-fault"
try:
    from sklearn.manifold import PCA as ArticlePCA
except ImportError as problem:
    print("ImportError:", str(problem).split(" (")[0])

# %% [markdown] slug="debug-text"
# PCA lives in `sklearn.decomposition`.
#
# Then the silent fault. Below is the comment's repair as a function. Run it, run the cell after it, and compare the
# two shares. Then mend it, and run both again: eight minutes.

# %% slug="ex-fix-article" exercise="pca.fix_article"

# %% slug="debug-run"
for name, X in {"images": images, "images + 1000": images + 1000}.items():
    Z, kept = article_pca(X, 2)
    middle = abs(Z[:, 0].mean())
    print(f"{name:14} two axes keep {kept:.1%}; column 0 of Z averages {middle:.0f} from zero")

# %% [markdown] slug="why-text"
# The same digits on brighter paper do not vary more. If the share moved, it was not a share of variance.
#
# Why could this have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why-unnoticed" exercise="pca.why_unnoticed"

# %% [markdown] slug="other-data-text"
# ### Another data set (optional)
#
# Made-up scenes: one coloured shape on grey ground, 32 × 32 × 3 numbers each. Guess first: is axis 1 about the place of
# the shape (x, y) or the background?

# %% slug="other-data"
scenes = make_scenes(300)
pixels = scenes.X["image"].reshape(300, -1).astype(float)
pca = PCA(n_components=50).fit(pixels)
along = pca.transform(pixels)[:, 0]
share = pca.explained_variance_ratio_
print(f"50 axes hold {share.sum():.0%} of the variance, axis 1 alone {share[0]:.0%}")
for cause in ("background", "x", "y"):
    r = np.corrcoef(along, scenes.latents[cause])[0, 1]
    print(f"correlation of axis 1 with {cause:10} {abs(r):.2f} (without its sign)")

# %% [markdown] slug="other-data-result"
# The first axis is the grey of the background. PCA finds what varies most, not what matters most to you.

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
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
# Can you now, without looking: write the four steps? say why a sign means nothing? say what 90 % is 90 % *of*? say what
# may be fitted on test rows? find a missing mean by adding 1000?
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
# - Jolliffe, I. T. & Cadima, J. (2016). Principal component analysis: a review and recent developments.
#   *Phil. Trans. R. Soc. A* 374.
# - Deisenroth, M. P., Faisal, A. A. & Ong, C. S. (2020). *Mathematics for Machine Learning*, ch. 10. Cambridge.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | principal component | 主成分 | | explained variance | 解释方差 |
# | to centre | 中心化 | | to rebuild (reconstruction) | 重建 |
# | covariance matrix | 协方差矩阵 | | singular value decomposition | 奇异值分解 |
# | eigenvector | 特征向量 | | leak (data leakage) | 数据泄漏 |

# %% slug="progress"
progress()
