# %% [markdown] slug="title"
# # 09 · Similarity: a search always answers
#
# **Which item is most like this one, and when does the answer mean nothing?**
#
# The surprise: give two tables the same width, and a search across them answers every query, with high scores. Shuffle
# the pairs, and it does just as well: same width is not same space.
#
# You will be able to
# 1. compute cosine, Euclid and Manhattan, and foresee where they disagree;
# 2. state a rule for zeros and for ties, and keep it;
# 3. search 100 000 items exactly;
# 4. measure recall@k beside chance and ceiling;
# 5. debug a search across two spaces.
#
# **Needs** 00-start-here. **Time** 50 minutes; *Other ways to count* is optional. **Modalities** 🖼 image · 🔊 sound ·
# 📝 text · 🎬 clip

# %% slug="imports"
from itertools import product
from time import perf_counter

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer as SklearnCounts

from mmlearn_edu import similarity
from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.datasets import SAMPLING_RATE, load_docstrings, load_spoken_digits, make_scenes
from mmlearn_edu.evaluation import exact_ceiling, mean_average_precision, mean_reciprocal_rank, median_rank, recall_at_k
from mmlearn_edu.features import CountVectorizer, TfidfVectorizer, clip_features, image_features, mfcc_summary
from mmlearn_edu.plots import describe, heat_matrix, image_grid, neighbour_grid
from mmlearn_edu.retrieval import search
from mmlearn_edu.similarity import cosine_similarity, euclidean_distances, manhattan_distances, top_k
from mmlearn_edu.widgets import move_query, nearest_items, rank_items

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("09-similarity", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article searches pictures by caption. Its captions are rows of 8 numbers, its pictures rows of 1024 (shown, not
# run):
#
# ```python
# scores = cosine_similarity(texts, images)  # ValueError: 8 columns and 1024 columns
# ```
#
# A comment below the article repairs it:
#
# ```python
# svd = TruncatedSVD(texts.shape[1], random_state=0)
# images = svd.fit_transform(images)  # now both have the same width
# scores = cosine_similarity(texts, images)
# ```
#
# This one runs, and every caption gets its picture. By the end you will find and fix the fault.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# A query (3, 3) and three items: a (6, 6), b (1, 5), c (3, 0). Which is nearest? Work on paper.
#
# **1 multiply and add**, the *dot product*: with a, 3 · 6 + 3 · 6 = 36.
#
# **2 divide by both lengths**: $\cos=\frac{q\cdot x}{\|q\|\,\|x\|}$. The length of q is √(3² + 3²) = 4.24. For a, 36 /
# (4.24 · 8.49) = 1: the same direction.
#
# **3 subtract.** From b to the query the gap is (2, −2). **Euclid** squares, adds, takes the root: √8 = 2.83, as the crow
# flies. **Manhattan** adds the sizes: 2 + 2 = 4, along the streets. To c, both are 3.
#
# **4 sort.** A high cosine is near; a high *distance* is far. Distances sort the other way round.

# %% slug="hand-in-code"
q, items = np.array([3, 3]), {"a": np.array([6, 6]), "b": np.array([1, 5]), "c": np.array([3, 0])}
for name, x in items.items():
    dot = q @ x  # 1 multiply and add
    cosine = dot / np.sqrt(q @ q) / np.sqrt(x @ x)  # 2 divide by both lengths
    gap = q - x  # 3 subtract
    print(f"{name}: cosine {cosine:.2f}  Euclid {np.sqrt(gap @ gap):.2f}  Manhattan {np.abs(gap).sum()}")
for metric in ("cosine", "euclidean", "manhattan"):
    order = rank_items(q, list(items.values()), metric)  # 4 sort
    print(f"{metric:10} nearest first:", [list(items)[i] for i in order])

# %% [markdown] slug="predict-text"
# Three metrics, three answers. None is wrong: each calls something else *near*.
#
# ## 4 · Predict, run, explain
#
# 300 of the handwritten digits are spoilt in three ways. Each then searches for its own original among all 1797.

# %% slug="spoil"
bank = load_spoken_digits().X["image"].reshape(1797, 64).astype(float)  # grey levels, 0 to 255
own = np.arange(0, 1797, 6)  # every sixth digit: 300 queries
rng = np.random.default_rng(0)
dead = bank[own]
for row in dead:
    row[rng.choice(64, size=12, replace=False)] = 255
grainy = bank[own] + rng.normal(0, 100, size=(300, 64))
spoilt = {"as it was": bank[own], "half as bright": bank[own] / 2, "12 dead pixels": dead, "grain": grainy}
shown = np.stack([rows[:2] for rows in spoilt.values()], axis=1).clip(0, 255)
print(describe(image_grid(shown.reshape(8, 8, 8), [*spoilt] * 2, n_columns=4, inches=1.3)))

# %% slug="predict-half"
predict("similarity.half_as_bright", ...)

# %% slug="who-finds"
metrics = {
    "cosine": cosine_similarity,
    "Euclid": lambda X, Y: -euclidean_distances(X, Y),
    "Manhattan": lambda X, Y: -manhattan_distances(X, Y),
}
nearest = [[top_k(score(X, bank), k=1)[:, 0] for score in metrics.values()] for X in spoilt.values()]
table = np.mean(np.array(nearest) == own, axis=2)  # (4, 3)
predict("similarity.half_as_bright", result=dict(zip(metrics, table[1], strict=True)))
names = {"row_names": [*spoilt], "column_names": [*metrics], "labels": ("metric", "query")}
print(describe(heat_matrix(table, value="share found", **names)))
lengths, wrong = np.linalg.norm(bank, axis=1), nearest[1][1] != own
fainter = (lengths[nearest[1][1]] < lengths[own])[wrong]
print(f"half as bright, Euclid: {fainter.mean():.0%} of the wrong finds are fainter than the original")

# %% [markdown] slug="who-finds-see"
# **What to see:** chance is 1 in 1797. Half as bright, only cosine finds the original: the direction is the same, the
# place is not. Dead pixels do not disturb Manhattan: it counts a large difference as it is; squared, as in Euclid and
# in the lengths of cosine, it outweighs the others. In grain, errors everywhere, these two are level and Manhattan is
# last. A metric is a decision about which differences do not matter.
#
# ## 5 · One query, four modalities
#
# Each scene is seen, told, heard and filmed. Scene 3 searches in each modality, by cosine.

# %% slug="scenes"
scenes = make_scenes(1000)
pictures = scenes.X["image"]
tables = {
    "text": TfidfVectorizer().fit_transform(scenes.X["text"]).toarray(),
    "image": image_features(pictures),
    "audio": mfcc_summary(scenes.X["audio"], SAMPLING_RATE, n_segments=4),
    "clip": clip_features(scenes.X["clip"]),
}
both = np.char.add(scenes.latents["size"], scenes.latents["shape"])  # "large" + "cross"
print({name: X.shape for name, X in tables.items()})


# %% slug="one-query"
def five_nearest(scores):
    scores = scores.copy()
    np.fill_diagonal(scores, scores.min() - 1)  # no scene may find itself
    return top_k(scores, k=5)


hits = np.stack([five_nearest(cosine_similarity(X))[3] for X in tables.values()])  # (4, 5)
print("scene 3:", scenes.X["text"][3])
asked = np.repeat(pictures[[3]], 4, axis=0)
print(describe(neighbour_grid(asked, pictures[hits], both[hits] == both[3], names=[*tables])))

# %% [markdown] slug="one-query-see"
# **What to see:** on the left the query; then the scenes found, ✓ where size and shape are right. Pictures are shown
# even where sounds were compared. One query proves nothing; so let all 1000 search, by all three metrics.


# %% slug="three-by-four"
def share_right(scores):
    return np.mean(both[five_nearest(scores)] == both[:, None])


found = [[share_right(score(X, X)) for score in metrics.values()] for X in tables.values()]
chance = np.mean(both[:, None] == both)
names = {"row_names": [*tables], "column_names": [*metrics], "labels": ("metric", "searched in")}
print(describe(heat_matrix(found, value="share with same size and shape", **names)))
lengths = np.linalg.norm(tables["clip"], axis=1)
by_length = share_right(-np.abs(lengths[:, None] - lengths))
print(f"chance {chance:.2f}; clips, by nothing but the length of the row: {by_length:.2f}")

# %% [markdown] slug="three-by-four-see"
# **What to see:** text and sound hardly care which metric. (TF-IDF rows have length 1, and then
# $\|q-x\|^2=2-2\cos$: one order for cosine and Euclid.) For clips cosine is worst: a large shape makes a *long* row,
# and cosine divides the length away. Is length a nuisance, as brightness was, or is it the message? Ask before you
# choose.

# %% [markdown] slug="width-text"
# ### Same width
#
# Across modalities cosine refuses: 14 columns against 40. So cut every table to 8 columns as the comment did: SVD keeps
# the 8 directions in which a table has most (chapter 08).

# %% slug="predict-width"
predict("similarity.same_width", ...)

# %% slug="same-width"
codes = {name: TruncatedSVD(8, random_state=0).fit_transform(X) for name, X in tables.items()}
found = [[share_right(cosine_similarity(codes[q], codes[other])) for other in codes] for q in codes]
predict("similarity.same_width", result=found[0][1])
names = {"row_names": [*codes], "column_names": [*codes], "labels": ("searched", "query")}
print(describe(heat_matrix(found, value="share with same size and shape", **names)))
print(f"chance {chance:.2f}")

# %% [markdown] slug="same-width-see"
# **What to see:** on the diagonal, where a modality searches itself, eight columns do about as well as all. Everywhere
# else, chance. Chapter 00 searched across modalities with success, and had *learned*, from pairs, to give column j one
# meaning.
#
# ## 6 · Exercises
#
# Cosine first: three blanks. What shall it say of zeros, and of two widths?

# %% slug="ex-cosine" exercise="similarity.compare_directions"

# %% [markdown] slug="distances-text"
# Distances of all pairs at once: `X[:, None]` has shape `(n_X, 1, n_features)`, and broadcasting (chapter 00) does the
# rest.

# %% slug="ex-distances" exercise="similarity.measure_distances"

# %% slug="together"
cosines = use("similarity.compare_directions", compare_directions)
distances = use("similarity.measure_distances", measure_distances)
some, nine = tables["clip"][:50], tables["clip"][:9]
np.testing.assert_allclose(1 - cosines(some, nine), cdist(some, nine, "cosine"), atol=1e-9)
for ours, name in zip(distances(some, nine), ("euclidean", "cityblock"), strict=True):
    np.testing.assert_allclose(ours, cdist(some, nine, name), atol=1e-9)
print("SciPy agrees")
print("a query of unknown words:", cosines(np.zeros((1, 14)), tables["text"][:3]))
show_source(similarity._unit_rows)

# %% [markdown] slug="change-text"
# Like nothing: 0, not NaN. The package minds zeros as you do.
#
# ### What changes when a vector doubles?
#
# Take a query q and an item x. First q doubles, then both do, then both move by (5, 5). Write `"same"`, `"doubles"` or
# `"other"`.

# %% slug="ex-changes" exercise="similarity.foresee_changes"

# %% [markdown] slug="ties-text"
# ### The best k, and a rule for ties
#
# The query of zeros ties *all* items. A search still answers, and which item it names is decided by its sort: so state
# a rule. Ours: the lowest column first. No skeleton this time.

# %% slug="ex-top" exercise="similarity.pick_top"

# %% [markdown] slug="many-text"
# Now 100 000 items: copies of the digits, each with its own grain. Your function picks; `search` of the package does
# the same in pieces that fit into memory. Both are *exact*: every query meets every item.

# %% slug="many"
pick = use("similarity.pick_top", pick_top)
rng = np.random.default_rng(1)
source = rng.integers(1797, size=100_000)  # which digit each is a copy of
many = (bank[source] + rng.normal(0, 60, size=(100_000, 64))).astype(np.float32)
asked = bank[:4].astype(np.float32)
scores = cosine_similarity(asked, many)  # (4, 100000)
best = pick(scores, 7)
np.testing.assert_array_equal(best, search(asked, many, k=7)[1])
digit = load_spoken_digits().y
right = digit[source[best]] == digit[:4, None]
print(describe(neighbour_grid(asked.reshape(-1, 8, 8), many[best].reshape(4, 7, 8, 8), right)))

# %% slug="how-fast"
unit = many / np.linalg.norm(many, axis=1, keepdims=True)
hundred = unit[:100]  # a hundred queries
start = perf_counter()
in_a_loop = [row @ hundred[0] for row in unit]
middle = perf_counter()
at_once = unit @ hundred.T  # (100000, 100)
end = perf_counter()
np.testing.assert_allclose(in_a_loop, at_once[:, 0], atol=1e-5)
ratio = (middle - start) / ((end - middle) / 100)
show_source(top_k)
print(f"a query among 100 000 items, as one of a hundred in a matrix product: {ratio:.0f} times as fast as in a loop")

# %% [markdown] slug="recall-at-text"
# **What to see:** above, all that were found show the right digit. The ratio was measured on your machine, just now: a
# matrix product replaces 100 000 steps of Python a query. And `top_k` sorts only the few that reach the k-th score.
#
# ### Recall@k
#
# Item i belongs to query i. For what share of the queries is this *own* item among the k best? That is **recall@k**.
# Chance is k / n. Ties matter: if all pairs score the same, is the own item first, or last? Count the share of orders
# in which it is found: tied with one other for the last of the k places, a query counts ½.

# %% slug="ex-recall" exercise="similarity.measure_recall"

# %% slug="recalls"
measure = use("similarity.measure_recall", measure_recall)
searches = {
    "dead pixels, Manhattan": -manhattan_distances(dead, bank[own]),
    "dead pixels, cosine": cosine_similarity(dead, bank[own]),
    "caption to picture, 8 columns": cosine_similarity(codes["text"][:300], codes["image"][:300]),
    "0.5 for every pair": np.full((300, 300), 0.5),
}
for name, scores in searches.items():
    assert np.isclose(measure(scores, 10), recall_at_k(scores, 10))
    print(f"{name:30} recall@1 {measure(scores, 1):.3f}  recall@10 {measure(scores, 10):.3f}")
print(f"{'chance':30} recall@1 {1 / 300:.3f}  recall@10 {10 / 300:.3f}")

# %% [markdown] slug="others-text"
# A model that knows nothing gets chance, as it should. Counting only items that score *strictly* more would have given
# it 1.000.
#
# ### Other ways to count (optional)
#
# **Median rank**: the place of the own item, for the middle query. **MRR**: the mean of 1 / place. **MAP**, where
# several items are right: at the place of each, the share of right ones so far, averaged.

# %% slug="others"
for name, scores in searches.items():
    print(f"{name:30} median rank {median_rank(scores):5.1f}  MRR {mean_reciprocal_rank(scores):.3f}")
same = both[:200, None] == both[200:]  # 200 scenes search the 800 others
for name, X in tables.items():
    print(
        f"{name:6} MAP of same size and shape {mean_average_precision(cosine_similarity(X[:200], X[200:]), same):.2f}"
    )
print(f"chance: about {same.mean():.2f}")

# %% [markdown] slug="widget-text"
# ## 7 · Move the query
#
# Five of the texts that chapter 02 searches, by how often they say *graph* and *edge*: long texts lie far out. **Task:**
# move the query until cosine and Euclid name different texts. Then write its place, or `moving`, below.

# %% slug="widget"
docs, five = load_docstrings(), [307, 479, 124, 38, 743]
counter = CountVectorizer().fit(docs.X["text"][five])
columns = [counter.vocabulary_[word] for word in ("graph", "edge")]
counts = counter.transform(docs.X["text"][five]).toarray()[:, columns]  # (5, 2)
titles = [name.rpartition(".")[2].replace("_", " ") for name in docs.latents["name"][five]]
moving = move_query(counts, titles, labels=("graph (times)", "edge (times)"))
moving

# %% slug="ex-move" exercise="similarity.move_query"

# %% slug="longer-query"
for told in ([2, 1], [6, 3], [12, 6]):  # one question, told ever longer
    named = {metric: titles[nearest_items(told, counts, metric)[0]] for metric in ("cosine", "euclidean")}
    print(told, named)

# %% [markdown] slug="debug-text"
# **What to see:** told longer, the same question finds another text by Euclid; by cosine, the same.
#
# ## 8 · Debug the article
#
# The article's captions keep the 8 most frequent words: three sizes, four shapes and *a*. Its pictures keep how strong
# each wave is in them (chapter 06, in two directions), which forgets where the shape stands. First the loud fault.

# %% slug="loud-fault"
article = make_scenes(1000, random_state=1)
texts = SklearnCounts(max_features=8, token_pattern=r"\w+").fit_transform(article.X["text"]).toarray()
grey = article.X["image"].mean(axis=3)
images = np.log1p(np.abs(np.fft.fft2(grey))).reshape(1000, -1)
try:
    cosine_similarity(texts, images)
except ValueError as problem:
    print("ValueError:", problem)

# %% [markdown] slug="debug-silent-text"
# A good error: it names both widths, and asks what the columns mean. Silencing it is the silent fault. 800 pairs are
# known; 200 new captions search 200 new pictures. Run the function and the cell after it; then mend it, and run both
# again: eight minutes. A tool: `np.linalg.lstsq(A, B)[0]` is the table W that brings `A @ W` nearest to B (*least
# squares*).

# %% slug="ex-fix" exercise="similarity.fix_article"

# %% slug="debug-run"
scores = match(texts, images, 800)
rng = np.random.default_rng(0)
shuffled = [recall_at_k(scores[:, rng.permutation(200)], 10) for _ in range(20)]
print(f"highest cosine of each caption: {scores.max(axis=1).mean():.2f} on average")
print(f"recall@10 {recall_at_k(scores, 10):.3f}; pairs shuffled 20 times, {min(shuffled):.3f} to {max(shuffled):.3f}")
ceiling = exact_ceiling([str(row) for row in texts[800:]], 10)  # captions repeat: nobody can tell twins apart
print(f"chance {10 / 200:.3f}; ceiling {ceiling:.3f}")

# %% slug="signs"
eight = TruncatedSVD(8, random_state=0).fit_transform(images)[800:]
turned = [recall_at_k(cosine_similarity(texts[800:], eight * signs), 10) for signs in product([1, -1], repeat=8)]
print(f"SVD, all 256 choices of signs: recall@10 {min(turned):.2f} to {max(turned):.2f}, mean {np.mean(turned):.2f}")

# %% [markdown] slug="signs-text"
# The sign of an axis is arbitrary (chapter 08). Turn some round, and the article's recall becomes another: luck around
# chance. A score that hangs on arbitrary signs tells nothing.
#
# Why could it have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="similarity.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | NaN in the scores | a row of zeros | `zero-over-zero` |
# | long rows always win | not divided by the lengths | `dot-product`, `one-side-only` |
# | short rows win less than they should | a small number added | `a-little-added` |
# | a distance below zero, or too small | signs cancel | `no-absolute-value`, `absolute-value-last` |
# | the farthest come first | distances sort the other way | `worst-first` |
# | another answer on another machine | no rule for ties | `ties-turned-round` |
# | a constant model scores 1 | ties counted for you | `ties-for-you` |
# | recall depends on the order of the file | ties by position | `ties-by-position` |
# | high cosines, recall at chance | two spaces | `as-published`, `both-cut` |
# | recall too good | learned from the pairs to be found | `learned-from-all` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Can you now, without looking: compute the three for (1, 0) and (3, 4)? say which of them forgives a dim picture, which
# a dead pixel? give the cosine of a row of zeros? say what recall@5 a constant gets among 50? show that a search
# across two spaces means something?
#
# **Reuse this** on your own files, a folder with a `manifest.csv` that has a column `text`:
#
# ```python
# from mmlearn_edu.datasets import load_folder
# from mmlearn_edu.features import TfidfVectorizer
# from mmlearn_edu.retrieval import search
# texts = load_folder("my_texts").X["text"]
# engine = TfidfVectorizer().fit(texts)
# scores, found = search(engine.transform(["my question"]), engine.transform(texts), k=3)
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Manning, C., Raghavan, P. & Schütze, H. (2008). *Introduction to Information Retrieval*, ch. 6 and 8. Cambridge.
# - McSherry, F. & Najork, M. (2008). Computing information retrieval performance measures efficiently in the presence
#   of tied scores. *ECIR*, 414–421.
# - Aggarwal, C., Hinneburg, A. & Keim, D. (2001). On the surprising behavior of distance metrics in high dimensional
#   space. *ICDT*, 420–434.
# - Beyer, K., Goldstein, J., Ramakrishnan, R. & Shaft, U. (1999). When is "nearest neighbor" meaningful? *ICDT*, 217–235.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | similarity | 相似度 | | distance | 距离 |
# | dot product | 点积 | | cosine similarity | 余弦相似度 |
# | Euclidean distance | 欧氏距离 | | Manhattan distance | 曼哈顿距离 |
# | nearest neighbour | 最近邻 | | tie | 并列 |
# | recall@k | 前 k 召回率 | | ceiling | 上限 |

# %% slug="progress"
progress()
