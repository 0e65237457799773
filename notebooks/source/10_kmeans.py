# %% [markdown] slug="title"
# # 10 · k-means: it always answers
#
# **How does k-means find groups, and how do you know that they are there?**
#
# **k-means** sorts samples into groups. You say how many: k. The surprise: it also cuts where there is no gap between
# groups. Five runs agree, and the groups mean nothing. No warning comes.
#
# You will be able to
# 1. compute what k-means makes small (its *objective*), and write the algorithm;
# 2. explain why it stops, at times in a bad place;
# 3. compare groupings, whatever the groups are called;
# 4. choose k by stability, and say what stability cannot tell;
# 5. debug a clustering that was scored by `==`.
#
# **Needs** 00-start-here. **Time** 50 minutes; *choose_k* is optional. **Modalities** 🖼 image, 🔊 sound

# %% slug="imports"
import itertools

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans as SklearnKMeans
from sklearn.datasets import make_blobs

from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.clustering import KMeans, kmeans_plus_plus
from mmlearn_edu.datasets import SAMPLING_RATE, load_spoken_digits, make_scenes
from mmlearn_edu.evaluation import adjusted_rand_index
from mmlearn_edu.features import flatten_images, mfcc_summary
from mmlearn_edu.fusion import ConcatFusion
from mmlearn_edu.plots import describe, objective_curve, scatter_2d, score_bars
from mmlearn_edu.widgets import drag_centroids

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("10-kmeans", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article puts pictures of digits into ten groups. `images` has shape `(n_samples, height, width, channels)`; `y`
# holds the true digits (shown, not run):
#
# ```python
# from sklearn.cluster import KMeans
#
# labels_1 = KMeans(n_clusters=10).fit_predict(images)
# labels_2 = KMeans(n_clusters=10).fit_predict(images)
# print("the same groups twice:", (labels_1 == labels_2).mean())
# print("accuracy:", (labels_1 == y).mean())
# ```
#
# One fault is loud, two are silent. One of the silent ones makes good groups look worthless. By the end you will find
# and fix all three.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# Four samples on a line: 0, 1, 5, 6. We ask for k = 2 groups. Each group has a centre, its **centroid**; the two start
# at 0 and 1. Work on paper, in rounds:
#
# **1 assign.** Each sample goes to its nearest centroid: 0 to the first; 1, 5, 6 to the second.
#
# **2 add up.** The objective is
# $\sum_i \lVert x_i - \mu_{c(i)} \rVert^2$: in words, each sample's distance to its own centroid, *squared*, added up.
# Here $0 + 0 + 16 + 25 = 41$.
#
# **3 move.** Each centroid goes to the mean of its samples: 0 and 4.
#
# Do the second round yourself. What is the objective now?

# %% slug="hand-in-code"
samples, centroids = [0, 1, 5, 6], [0, 1]
for _ in range(3):
    groups = {centroid: [] for centroid in centroids}
    for x in samples:  # 1 assign
        groups[min(centroids, key=lambda centroid: abs(x - centroid))].append(x)
    total = sum((x - c) ** 2 for c, group in groups.items() for x in group)  # 2 add up
    print(groups, "objective:", total)
    centroids = [sum(group) / len(group) for group in groups.values()]  # 3 move

# %% [markdown] slug="never-rises"
# 41, 6, 1. It never rises. Step 1 gives each sample the *nearest* centroid, so no distance grows. Step 3 takes the
# mean, which is the place with the least sum of squares. When neither step changes anything, it stops. This is
# **Lloyd's algorithm**.
#
# ## 4 · Predict, run, explain
#
# Below are 120 points in four clouds, `(120, 2)`. We start Lloyd 200 times; each time four random points are the first
# centroids.

# %% slug="predict-restarts"
clouds = [[0, 0], [4, 0], [10, 0], [10, 5]]
points, _ = make_blobs(120, centers=clouds, cluster_std=0.7, random_state=0)
predict("kmeans.restarts", ...)

# %% slug="restarts"
rng = np.random.default_rng(0)
starts = [points[rng.choice(120, 4, replace=False)] for _ in range(200)]
runs = [KMeans(n_clusters=4, init=start).fit(points) for start in starts]
ends = np.array([run.inertia_ for run in runs])  # inertia_ is the objective at the end
reached = 100 * np.mean(ends < 1.001 * ends.min())
predict("kmeans.restarts", result=reached)
print("lowest", ends.min().round(1), " highest", ends.max().round(1))

# %% slug="two-ends"
best, worst = runs[ends.argmin()], runs[ends.argmax()]
_, axes = plt.subplots(1, 3, figsize=(13, 3.8), layout="constrained")
for ax, name, run in zip(axes, ("best", "worst"), (best, worst), strict=False):
    look = {"labels": ("x", "y"), "title": f"{name} end: {run.inertia_:.0f}"}
    look["centroids"] = run.cluster_centers_
    print(describe(scatter_2d(points, run.labels_, ax=ax, **look)))
histories = [best.objective_history_, worst.objective_history_]
print(describe(objective_curve(histories, names=["best", "worst"], ax=axes[2])))

# %% [markdown] slug="two-ends-text"
# **What to see:** both curves fall and go flat. At the worst end two centroids share one cloud, and one centroid serves
# two clouds. Neither step helps, so nothing moves. That is a *local* minimum.
#
# Two remedies. **k-means++** draws the first centroids one by one, far samples with a greater chance. **Restarts** keep
# the best of several runs.


# %% slug="plus-plus"
def plus_plus_ends(n_init):  # KMeans starts with k-means++ unless told otherwise
    runs = [KMeans(4, n_init=n_init, random_state=seed).fit(points) for seed in range(100)]
    return np.array([run.inertia_ for run in runs])


starting = {"random points": ends, "k-means++": plus_plus_ends(1)}
starting["best of five"] = plus_plus_ends(5)
for name, reached in starting.items():
    print(f"{name:14} {np.mean(reached < 1.001 * ends.min()):.0%} reach the lowest end")
show_source(kmeans_plus_plus)

# %% [markdown] slug="real-data"
# ## 5 · The same idea on real data
#
# 1797 digits, each drawn *and* spoken, both spoilt by noise. The picture gives 64 numbers from 0 to 1, the sound 130
# (a summary of its spectrum, in five pieces of time). We look for ten groups and compare them with the ten digits.
#
# The score is the **adjusted Rand index**. It asks of every pair of samples: are they together in both groupings? It is
# 1 for the same groups and 0 for random ones. You will write it below.

# %% slug="digits"
digits = load_spoken_digits(image_noise=0.4, audio_snr_db=-10)
picture = flatten_images(digits.X["image"])
sound = mfcc_summary(digits.X["audio"], SAMPLING_RATE, n_segments=5)


def found(X):
    labels = KMeans(n_clusters=10, n_init=3, random_state=0).fit(X).labels_
    return adjusted_rand_index(digits.y, labels)


print(picture.shape, sound.shape, f"picture alone: {found(picture):.2f} (chance 0, perfect 1)")
predict("kmeans.glue", ...)


# %% slug="glue"
def scale(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


glued = np.hstack([picture, sound])
predict("kmeans.glue", result=found(glued))
for name, block in {"picture": picture, "sound": sound}.items():
    print(f"variance of all columns together: {name} {block.var(axis=0).sum():.0f}")

# %% slug="scaled"
blocks = {"picture": picture, "sound": scale(sound)}
equal_shares = ConcatFusion(scale_blocks=True)  # each block: the same share of variance
scores = {
    "picture alone": found(picture),
    "sound alone, columns scaled": found(scale(sound)),
    "glued as they are": found(glued),
    "glued, columns scaled": found(scale(glued)),
    "glued, equal shares": found(equal_shares.fit_transform(blocks)),
}
print(describe(score_bars(scores, chance=0, label="adjusted Rand index, 1 is perfect")))

# %% [markdown] slug="scaled-text"
# **What to see:** the same two senses give the worst score or the best one. Only the units differ. The sound's large
# numbers shout the picture down. With every column scaled to variance 1, 130 columns still outvote 64. Once each
# sense has an equal share, two senses do beat one.
#
# Equal shares are a first try, not a law: with less noise in the sound (`audio_snr_db=0, n_segments=1`), scaling the
# columns alone scores higher.
#
# ## 6 · Write it yourself
#
# First the objective. One blank.

# %% slug="ex-objective" exercise="kmeans.objective"

# %% [markdown] slug="assign-text"
# Now the two steps. `X[:, None]` has shape `(n_samples, 1, n_features)`. Minus `centroids`, `(k, n_features)`, it
# becomes `(n_samples, k, n_features)`: every sample against every centroid.

# %% slug="ex-assign" exercise="kmeans.assign"

# %% [markdown] slug="update-text"
# A group may lose all its samples. Nothing has no mean, so we need a rule. Here the centroid stays where it was.
# (`mmlearn_edu` and scikit-learn move it to a far sample instead.)

# %% slug="ex-update" exercise="kmeans.update"

# %% [markdown] slug="loop-text"
# Put the parts together. Your loop calls your own parts where they pass, else the workbook's. Mind the order:
# `objective(X, centroids, labels)`, but `update(X, labels, centroids)`.

# %% slug="parts"
objective = use("kmeans.objective", objective)
assign, update = use("kmeans.assign", assign), use("kmeans.update", update)

# %% slug="ex-loop" exercise="kmeans.loop"

# %% slug="library"
lloyd = use("kmeans.loop", loop)
start = points[:4]
centroids, labels, history = lloyd(points, start)
ours = KMeans(n_clusters=4, init=start).fit(points)
theirs = SklearnKMeans(n_clusters=4, init=start, n_init=1, tol=0).fit(points)
for library in (ours, theirs):
    np.testing.assert_allclose(centroids, library.cluster_centers_)
    np.testing.assert_array_equal(labels, library.labels_)
print("From the same start, the loop, mmlearn_edu and scikit-learn agree.")
print("History of the objective:", np.round(history, 1))

# %% [markdown] slug="names-text"
# From the *same* start even the names agree. From another start, group 0 may be called 3. So never compare names.
# Take every pair of samples, and ask in each grouping: are the two together?
#
# - **both**: the share of pairs together in both groupings.
# - **chance**: what luck gives, the *product* of the two single shares.
# - **best**: the most there could be, the *average* of the two single shares.
#
# $$\text{score} = \frac{\text{both} - \text{chance}}{\text{best} - \text{chance}}$$
#
# In words: how far `both` has come on the way from luck to the best. One single group in both leaves no way to go
# (`best` equals `chance`); call that 1.

# %% slug="ex-score-labels" exercise="kmeans.score_labels"

# %% [markdown] slug="stability-text"
# And k? The objective cannot tell: more centroids can always make it smaller. Without true classes you can ask whether
# the groups come back. Run k-means on random halves of the data, and let each run label *all* samples. Do the runs
# agree? Their agreement is the **stability** of k. (Optional: later cells run without your answer.)


# %% slug="many-runs"
def many_runs(X, ks, n_runs=5):
    """Return {k: labels, (n_runs, n_samples)}; every run learns from another half of X."""
    runs = {k: [] for k in ks}
    for seed, k in itertools.product(range(n_runs), ks):
        half = np.random.default_rng(seed).permutation(len(X))[: len(X) // 2]
        learned = KMeans(n_clusters=k, n_init=5, random_state=seed).fit(X[half])
        runs[k].append(learned.predict(X))
    return {k: np.array(labels) for k, labels in runs.items()}


# %% slug="ex-choose-k" exercise="kmeans.choose_k"

# %% slug="stability"
pick_k = use("kmeans.choose_k", choose_k)
best_k, stability = pick_k(many_runs(points, range(2, 8)))
named = {f"k = {k}": value for k, value in stability.items()}
print(describe(score_bars(named, chance=0, label="stability: agreement of the runs")))
print("most stable:", best_k)

# %% [markdown] slug="stability-result"
# **What to see:** up to four groups the runs agree completely. A fifth group must split a cloud, and the runs do not
# split it alike. Of equally stable k, the largest says most: four.
#
# ### A cut where there is no gap
#
# Now 1000 made-up scenes: a coloured shape on a grey ground. Every grey from 20 to 100 is equally likely: dark and
# light are no groups. Take the mean colour of each picture, `(1000, 3)`, and ask for two:

# %% slug="scenes"
scenes = make_scenes(1000)
mean_colour = scenes.X["image"].mean(axis=(1, 2))
runs_2 = many_runs(mean_colour, [2])
print(f"agreement of five runs with k = 2: {pick_k(runs_2)[1][2]:.2f} (chance 0, perfect 1)")
predict("kmeans.scenes", ...)

# %% slug="scenes-scored"
groups, facts = runs_2[2][0], scenes.latents  # latents: what each scene was made from
asked = ("shape", "size", "colour")
scores = {name: adjusted_rand_index(facts[name], groups) for name in asked}
predict("kmeans.scenes", result=max(scores.values()))
print({name: round(score, 3) for name, score in scores.items()}, "(chance 0)")
two_of_four = adjusted_rand_index(facts["shape"], np.isin(facts["shape"], ["circle", "square"]))
print(f"for comparison, two whole shapes in each group: {two_of_four:.2f}")
grounds = [facts["background"][groups == c].mean() for c in (0, 1)]
print("mean grey of the grounds, group 0 and 1:", np.round(grounds))
names = ("mean red of a picture (0 to 255)", "mean blue (0 to 255)")
print(describe(scatter_2d(mean_colour[:, [0, 2]], groups, labels=names)))

# %% [markdown] slug="scenes-text"
# **What to see:** stripes with gaps between them, made by the colour and size of the shapes. These are real. k-means
# cuts across them all, where there is no gap: dark grounds here, light grounds there. Two centroids lower the sum of
# squares most when they split the longest direction, so every run cuts there. Stable means *repeatable*, not *real*.
# Look for the gap.
#
# ## 7 · Beat Lloyd by hand
#
# The four clouds again, with a start from which Lloyd gets stuck. Move the centroids by mouse, or with Tab and the
# arrow keys. Then run the cell below it.

# %% slug="drag"
widget = drag_centroids(points, k=4)
widget

# %% slug="ex-beat-lloyd" exercise="kmeans.beat_lloyd"

# %% [markdown] slug="debug"
# ## 8 · Debug the article
#
# First run it, and read what the error says. Then see what happens once only this loud fault is mended. Two seeds stand
# for two calls without a seed.

# %% slug="article-runs"
images = digits.X["image"][..., None]  # (1797, 8, 8, 1)
try:
    KMeans(n_clusters=10).fit_predict(images)
except ValueError as error:
    print("ValueError:", error)
first, second = (KMeans(10, random_state=seed).fit_predict(picture) for seed in (0, 1))
for name, other in {"the second run": second, "the digits": digits.y}.items():
    by_name, by_pairs = np.mean(first == other), adjusted_rand_index(first, other)
    print(f"first run and {name:14}  ==: {by_name:.2f}  adjusted Rand index: {by_pairs:.2f}")
print("chance:                         0.10                       0.00")

# %% [markdown] slug="debug-text"
# By `==`, guessing would do as well. By pairs, the same labels are good groups.
#
# Now mend it, in eight minutes. Each of the three lines has one fault.

# %% slug="ex-fix-article" exercise="kmeans.fix_article"

# %% [markdown] slug="why-text"
# Why could this have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why-unnoticed" exercise="kmeans.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | objective 4 where 6 is right | distances not squared | `not-squared` |
# | shapes do not broadcast | no axis for the centroids | `no-new-axis` |
# | labels of shape `(k,)` | `argmin` over the wrong axis | `wrong-axis` |
# | centroids become NaN | an empty group has no mean | `empty-is-nan` |
# | start has changed | written into the input | `changes-input` |
# | history starts too low | noted after the move | `noted-after-moving` |
# | good groups, low "accuracy" | names compared | `names-compared` |
# | high score for random labels | chance not taken away | `rand-index`, `purity` |
# | `Found array with dim 4` | pictures not flattened | `still-four-dimensional` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Can you now, without looking: name the three steps? say why the objective never rises, and why that proves little?
# score groups whose names are shuffled? say what to scale before you glue? give an example of stable groups that mean
# nothing?
#
# **Reuse this** on your own matrix:
#
# ```python
# from mmlearn_edu.clustering import KMeans
# kmeans = KMeans(n_clusters=5, n_init=10, random_state=0).fit(X_scaled)
# print(kmeans.inertia_, kmeans.labels_[:10])
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Lloyd, S. (1982). Least squares quantization in PCM. *IEEE Transactions on Information Theory* 28(2), 129–137.
# - Arthur, D. & Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. *SODA*.
# - Hubert, L. & Arabie, P. (1985). Comparing partitions. *Journal of Classification* 2, 193–218.
# - von Luxburg, U. (2010). Clustering stability: an overview. *Foundations and Trends in Machine Learning* 2(3).

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | cluster | 簇 | | local minimum | 局部极小值 |
# | centroid | 质心 | | start (initialisation) | 初始化 |
# | objective | 目标函数，目标值 | | adjusted Rand index | 调整兰德指数 |
# | label | 标签 | | stability | 稳定性 |

# %% slug="progress"
progress()
