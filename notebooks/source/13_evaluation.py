# %% [markdown] slug="title"
# # 13 · Evaluation: right about nothing
#
# **When is a good score worth nothing?**
#
# The surprise: an article's report says 1.00. Hand every picture the label of another, by lot, so that there is nothing
# left to learn. The report still says 1.00.
#
# You will be able to
# 1. compute recall class by class;
# 2. find leaks by three checks of your own, and measure what they cost;
# 3. predict every row by a model that never saw it;
# 4. compare two models with intervals and a paired test;
# 5. debug a report, and write a model card.
#
# **Needs** 00-start-here. **Time** 50 minutes; *How far does luck reach?* is optional. **Modalities** 🖼 image 🔊 sound

# %% slug="imports"
import numpy as np
from IPython.display import Markdown
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.metrics import balanced_accuracy_score
from sklearn.metrics import confusion_matrix as sklearn_matrix
from sklearn.model_selection import (
    LeaveOneGroupOut,
    PredefinedSplit,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.classification import GaussianNB, LogisticRegression, random_forest_pipeline, svm_pipeline
from mmlearn_edu.datasets import SAMPLING_RATE, load_spoken_digits
from mmlearn_edu.evaluation import (
    accuracy,
    bootstrap_interval,
    chance_level,
    choose_threshold,
    class_scores,
    confusion_matrix,
    macro_recall,
    model_card,
    paired_bootstrap,
    paired_permutation_test,
    slice_scores,
)
from mmlearn_edu.features import flatten_images, mfcc_summary
from mmlearn_edu.plots import describe, forest_plot, heat_matrix, score_bars
from mmlearn_edu.widgets import best_threshold, move_threshold, threshold_scores

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("13-evaluation", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# A *decision tree* asks about one feature after the other; in a *random forest* many different trees vote. An article
# lets a forest read handwriting; `test` marks the rows kept for judging (shown, not run):
#
# ```python
# def report(X, y, test, n_trees=100):
#     forest = RandomForestClassifier(n_trees, max_features="auto", random_state=0)
#     forest.fit(X, y)
#     return forest.score(X[test], y[test])
# ```
#
# Today an error stops it. When it was published it said 1.00. By the end you will find and fix both faults.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# Ten people, one of them ill. A test calls everybody healthy. Work on paper.
#
# **1 count.** A row for what is true, a column for what was called: 9 healthy called healthy, 1 ill called healthy. That
# is the **confusion matrix**.
#
# **2 recall.** Of each class, the share that was found, diagonal by row: 9/9 and 0/1.
#
# **3 average.** (1 + 0) / 2 = 0.5. Accuracy is 9/10, and nobody ill was found.
#
# **Precision** asks the other way round, diagonal by column: of what was *called* ill, how much is?

# %% slug="hand-in-code"
true = np.array([0] * 9 + [1])  # 0 healthy, 1 ill
called = np.zeros(10, dtype=int)
counts = np.zeros((2, 2), dtype=int)
np.add.at(counts, (true, called), 1)  # 1 count
recalls = counts.diagonal() / counts.sum(axis=1)  # 2 recall
print(counts.tolist(), "recalls", recalls, "their mean", recalls.mean())  # 3 average
print("accuracy", counts.trace() / counts.sum())

# %% [markdown] slug="predict-text"
# ## 4 · Predict, run, explain
#
# 1797 pictures of digits, `(1797, 64)`, by 14 writers. The article's forest, its loud fault mended, reports on rows
# drawn at random. In `lot` the same labels are handed to the wrong pictures.


# %% slug="digits"
def article(X, y, test):
    return RandomForestClassifier(50, random_state=0).fit(X, y).score(X[test], y[test])


digits = load_spoken_digits()
pictures, y = flatten_images(digits.X["image"]), digits.y
writer, speaker = digits.groups["writer"], digits.latents["base"]
rng = np.random.default_rng(0)
test = rng.random(len(y)) < 0.3  # True: kept for judging
lot = rng.permutation(y)
print(pictures.shape, f"{test.sum()} test rows; the article reports {article(pictures, y, test):.2f}")

# %% slug="predict-lot"
predict("evaluation.by_lot", ...)

# %% slug="by-lot"
reported = article(pictures, lot, test)
predict("evaluation.by_lot", result=reported)
forest = RandomForestClassifier(50, random_state=0)
honest = forest.fit(pictures[~test], lot[~test]).score(pictures[test], lot[test])
print(f"labels by lot: the article {reported:.2f}, fitted on other rows {honest:.2f}, chance {chance_level(lot):.2f}")

# %% [markdown] slug="library-text"
# The forest had learnt the test rows too. A score is only as good as its distance from what was learnt.
#
# ## 5 · The same through the package
#
# Now the forest is fitted on the other rows. The package must count as scikit-learn counts, and as you did by hand. Read
# how `class_scores` makes recall and precision of the counts.

# %% slug="library"
votes = forest.fit(pictures[~test], y[~test]).predict(pictures[test])
counts = confusion_matrix(y[test], votes)
np.testing.assert_array_equal(counts, sklearn_matrix(y[test], votes))
scores = class_scores(y[test], votes)
np.testing.assert_allclose(scores["recall"], counts.diagonal() / counts.sum(axis=1))
print("recall   ", scores["recall"].round(2), "\nprecision", scores["precision"].round(2))
print(describe(heat_matrix(counts)))
show_source(class_scores)

# %% [markdown] slug="library-see"
# **What to see:** nearly everything is on the diagonal; each number beside it is a digit (its row) that was taken for
# another (its column).
#
# ## 6 · Exercises
#
# Steps 2 and 3 of section 3. One thing is new: a class may have no sample at all.

# %% slug="ex-recall" exercise="evaluation.average_recall"

# %% slug="recall-use"
average = use("evaluation.average_recall", average_recall)
assert np.isclose(average(counts), balanced_accuracy_score(y[test], votes))
wanted = y[test] == 8
never = np.zeros_like(wanted)  # an alarm for eights that never rings
print(f"accuracy {accuracy(wanted, never):.2f}, chance {chance_level(wanted):.2f}")
print(f"mean recall {average(confusion_matrix(wanted, never)):.2f}")
strict = macro_recall(y[test], votes, labels=range(11))  # an eleventh class, without a sample
print(f"the forest: mean recall {average(counts):.3f}; absent class counted as 0: {strict:.3f}")

# %% [markdown] slug="who-text"
# Always look at what *chance* means: 0.90 can be nothing.
#
# ### Check 1: who is on both sides?
#
# A random split asks about new digits of *known* people. Will your users be known? Write the check.

# %% slug="ex-shared" exercise="evaluation.find_shared"

# %% [markdown] slug="who-run-text"
# The 28 voices come from four speakers. Pictures and sound (MFCC, chapter 06) go to a *support vector machine* (SVM): it
# looks for the widest gap between classes. Half of the rows are the test: any rows, or all rows of half of the people.

# %% slug="who"
shared = use("evaluation.find_shared", find_shared)


def half_of(groups, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    return np.isin(groups, names[: len(names) // 2])


def tried(X, who, groups):
    tests = [half_of(groups, seed) for seed in range(5)]
    scores = [svm_pipeline().fit(X[~test], y[~test]).score(X[test], y[test]) for test in tests]
    return scores, len(shared(who, np.flatnonzero(~tests[0]), np.flatnonzero(tests[0])))


# %% slug="who-run"
rows = np.arange(len(y))
sound = mfcc_summary(digits.X["audio"], SAMPLING_RATE, n_segments=5)  # (1797, 130)
plans = {
    "pictures, any rows": (pictures, writer, rows),
    "pictures, new writers": (pictures, writer, writer),
    "sound, any rows": (sound, speaker, rows),
    "sound, new speakers": (sound, speaker, speaker),
}
found = {plan: tried(*parts) for plan, parts in plans.items()}
bars = {f"{plan} ({both} on both sides)": np.mean(scores) for plan, (scores, both) in found.items()}
ends = {name: (min(f[0]), max(f[0])) for name, f in zip(bars, found.values(), strict=True)}
print(describe(score_bars(bars, chance=0.1, intervals=ends, label="accuracy, mean and range of 5 splits")))

# %% [markdown] slug="lot-text"
# **What to see:** shared writers flatter by a few hundredths, shared speakers by half of everything. New speakers are the
# hard part, and a random split never asks for them.
#
# ### Check 2: labels by lot
#
# Section 4 as a check: on shuffled labels, whatever you do must score at chance.

# %% slug="ex-lot" exercise="evaluation.shuffle_labels"

# %% [markdown] slug="lot-run-text"
# Now 60 rows of 5000 random numbers: nothing to learn, whatever the labels. Five recipes, judged on labels by lot.
# `SelectKBest` keeps the 20 features that fit the labels best; *five nearest neighbours* vote. The luckiest of 500 models
# that toss coins is *tuned on the test set*; then it meets 1000 fresh rows.


# %% slug="recipes"
noise = np.random.default_rng(1).normal(size=(60, 5000))
best, vote = SelectKBest(k=20), KNeighborsClassifier(5)


def five_recipes(labels, rng):
    answers, fresh = rng.integers(2, size=(500, 1060)), rng.integers(2, size=1000)
    luckiest = answers[(answers[:, :60] == labels).sum(axis=1).argmax()]
    return {
        "judged on learnt rows": forest.fit(noise, labels).score(noise, labels),
        "features chosen first": cross_val_score(vote, best.fit_transform(noise, labels), labels).mean(),
        "features chosen inside": cross_val_score(make_pipeline(best, vote), noise, labels).mean(),
        "luckiest of 500": accuracy(labels, luckiest[:60]),
        "the same, on fresh rows": accuracy(fresh, luckiest[60:]),
    }


# %% slug="recipes-run"
lots = use("evaluation.shuffle_labels", shuffle_labels)(np.arange(60) % 2, 5, 0)
rng = np.random.default_rng(2)
table = [five_recipes(labels, rng) for labels in lots]
bars = {name: np.mean([row[name] for row in table]) for name in table[0]}
ends = {name: (min(row[name] for row in table), max(row[name] for row in table)) for name in bars}
print(describe(score_bars(bars, chance=0.5, intervals=ends, label="accuracy on labels by lot, five rounds")))

# %% [markdown] slug="scaling-text"
# **What to see:** three recipes beat chance where nothing can be learnt: they leak. Choosing features *inside*, on
# training rows only, does not; the luckiest, on fresh rows, tosses coins again.
#
# ### Check 3: scaled by which rows?
#
# Check 2 is blind to scaling, which uses no labels. But it leaves a trace: rows scaled by themselves have mean 0 and
# spread 1 in every column.

# %% slug="ex-scaling" exercise="evaluation.measure_scaling"

# %% slug="predict-scaled"
predict("evaluation.scaled_first", ...)


# %% slug="scaled"
def two_ways(test):
    by_train = StandardScaler().fit(sound[~test]).transform(sound)
    by_all = StandardScaler().fit_transform(sound)
    scores = [SVC().fit(Z[~test], y[~test]).score(Z[test], y[test]) for Z in (by_train, by_all)]
    return [trace(by_train[~test]), trace(by_all[~test]), *scores]


trace = use("evaluation.measure_scaling", measure_scaling)
any_rows = np.array([two_ways(half_of(rows, seed)) for seed in range(5)])
new_speaker = np.array([two_ways(speaker == name) for name in np.unique(speaker)])
predict("evaluation.scaled_first", result=np.mean(any_rows[:, 3] - any_rows[:, 2]))
for name, table in {"any rows": any_rows, "a new speaker": new_speaker}.items():
    print(f"{name:14} trace: by train {table[:, 0].mean():.2f}, by all {table[:, 1].mean():.2f};", end=" ")
    print("gain of the leak", (table[:, 3] - table[:, 2]).round(3))

# %% [markdown] slug="folds-text"
# The trace shows the fault both times. Its price: nothing on any rows. With a new speaker, up to 0.14: the scaler had
# met the stranger already. Keep scaling inside, and you need not guess.
#
# ### Every row judged, none learnt from
#
# Cut the people into **folds**. Each fold is predicted by a model that learnt from all the others: **cross-validation**.
# The data is now noisy, and picture and sound stand side by side, `(1797, 194)`.

# %% slug="fused"
noisy_digits = load_spoken_digits(image_noise=0.4, audio_snr_db=-6)
noisy = flatten_images(noisy_digits.X["image"])
both = np.hstack([noisy, mfcc_summary(noisy_digits.X["audio"], SAMPLING_RATE, n_segments=5)])
fold = writer // 2  # seven folds of two writers
print(both.shape, "folds", np.bincount(fold))

# %% slug="ex-folds" exercise="evaluation.predict_held_out"

# %% [markdown] slug="models-text"
# Three rivals: **logistic regression** (a weighted sum for every class), the forest, and **naive Bayes** (a bell curve
# for every class and feature). All scale inside, all have the same folds.

# %% slug="models"
held_out = use("evaluation.predict_held_out", predict_held_out)
guesses = {"SVM": held_out(both, y, fold)}
folds = PredefinedSplit(fold)
np.testing.assert_array_equal(guesses["SVM"], cross_val_predict(svm_pipeline(), both, y, cv=folds))
rivals = {
    "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(C=0.03)),
    "random forest": random_forest_pipeline(25),
    "naive Bayes": GaussianNB(),
}
guesses |= {name: cross_val_predict(model, both, y, cv=folds) for name, model in rivals.items()}
print({name: round(accuracy(y, guess), 3) for name, guess in guesses.items()})

# %% [markdown] slug="interval-text"
# ### How far does luck reach?
#
# Other rows would have given other scores. Imitate that: draw rows again from those you have, the **bootstrap**.
# (Optional: later cells run without your answer.)

# %% slug="ex-interval" exercise="evaluation.resample_score"

# %% slug="interval"
interval = use("evaluation.resample_score", resample_score)
ends = {}
for name, guess in guesses.items():
    low, high = interval((guess == y).astype(float), 1000, 0)
    ends[name] = bootstrap_interval(accuracy, y, guess, groups=writer)
    print(f"{name:20} rows drawn {low:.3f} to {high:.3f}; writers drawn {ends[name][0]:.3f} to {ends[name][1]:.3f}")
bars = {name: accuracy(y, guess) for name, guess in guesses.items()}
print(describe(score_bars(bars, chance=chance_level(y), intervals=ends, label="accuracy, new writers")))

# %% [markdown] slug="paired-text"
# **What to see:** the intervals of SVM and logistic regression overlap. Draw whole writers, not rows: other data would
# bring other people, and the interval is wider.
#
# But both models answered the *same* rows. **Pair** them: draw the difference. And toss a coin for every writer: swap
# the two models' answers or not. How often is the difference then as large?

# %% slug="paired"
svm, rival = guesses["SVM"], guesses["logistic regression"]
low, high = paired_bootstrap(accuracy, y, svm, rival, groups=writer)
difference, p = paired_permutation_test(accuracy, y, svm, rival, groups=writer)
print(f"SVM minus logistic regression: {difference:.3f}, interval {low:.3f} to {high:.3f}, p = {p:.3f}")

# %% [markdown] slug="slices-text"
# The difference is small and clear of 0; luck alone would do that in few of a thousand tries (p).
#
# ### Who is served badly?
#
# Now each speaker is a stranger in turn. One score for every speaker: **slices**.

# %% slug="slices"
strange = cross_val_predict(svm_pipeline(), both, y, groups=speaker, cv=LeaveOneGroupOut())
slices = slice_scores(accuracy, y, strange, speaker)
known = slice_scores(accuracy, y, guesses["SVM"], speaker)["score"]
voices = slice_scores(accuracy, y, guesses["SVM"], digits.groups["voice"])["score"]
print("speakers heard before:", dict(zip(slices["group"].tolist(), known.round(2).tolist(), strict=True)))
print(f"their 28 voices: {voices.min():.2f} to {voices.max():.2f}")
print(describe(forest_plot(slices, overall=accuracy(y, strange), label="accuracy, speakers never heard")))

# %% [markdown] slug="widget-text"
# **What to see:** the mean (dashed) is true of nobody. One speaker is nearly always understood, another little more than
# half the time.
#
# ## 7 · Find nine eights of ten
#
# An alarm for eights learnt from five writers, and tells how sure it is. It rings from a threshold on. **Task:** on four
# *other* writers, the validation rows, find the threshold with recall at least 0.9 and as much precision as possible.

# %% slug="widget"
eight = y == 8
learnt, valid, new = writer < 5, (writer >= 5) & (writer < 9), writer >= 9
alarm = make_pipeline(StandardScaler(), LogisticRegression(C=0.1)).fit(both[learnt], eight[learnt])
sure = alarm.predict_proba(both)[:, 1]
moving = move_threshold(eight[valid], sure[valid], names=("other", "eight"), label="probability of an eight")
moving

# %% slug="ex-threshold" exercise="evaluation.find_threshold"

# %% slug="threshold"
np.testing.assert_allclose(choose_threshold(eight[valid], sure[valid]), best_threshold(eight[valid], sure[valid]))
for name, chosen_on in {"training": learnt, "validation": valid}.items():
    threshold = choose_threshold(eight[chosen_on], sure[chosen_on])
    there, then = (threshold_scores(eight[r], sure[r], threshold) for r in (chosen_on, new))
    print(f"chosen on {name:10} rows: {threshold:.2f}", end="")
    for measure in ("recall", "precision"):
        print(f"; {measure} {there[measure]:.2f} there, {then[measure]:.2f} on new writers", end="")
    print()

# %% [markdown] slug="debug-text"
# Chosen on training rows, the threshold is too high: there the alarm is surer than ever again. Chosen on validation rows
# the recall keeps its promise here, roughly; the precision does not quite. Only rows that chose nothing tell.
#
# ## 8 · Debug the article
#
# First the loud fault. Which argument does the error name, and which value?

# %% slug="loud-fault"
try:
    RandomForestClassifier(max_features="auto").fit(pictures, y)
except ValueError as problem:
    said = str(problem).replace(" must", "|").replace(". Got", "|").split("|")  # the middle lists what is allowed
    print(f"{type(problem).__name__}: {said[0]} must ... Got{said[-1]}")

# %% [markdown] slug="debug-silent-text"
# Allowed are `"sqrt"`, `"log2"` and numbers. For a forest `"auto"` meant `"sqrt"`; scikit-learn 1.3 removed the word.
# Then the silent fault. Run both cells, mend, and run both again: eight minutes. What must labels by lot score?

# %% slug="ex-fix" exercise="evaluation.fix_article"

# %% slug="debug-run"
for name, labels in {"true labels": y, "labels by lot": lot}.items():
    try:
        print(f"{name:14} {report(pictures, labels, test, 50):.2f}  (chance {chance_level(labels):.2f})")
    except ValueError as problem:
        print(f"{name:14} {type(problem).__name__}: {str(problem)[:40]} ...")

# %% [markdown] slug="why-question"
# Why could this have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="evaluation.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | a rare class is never found, 0.99 all the same | accuracy | `accuracy` |
# | mean recall too low | absent class counted | `absent-is-zero` |
# | the users do worse than the test | same people on both sides | `rows-compared` |
# | labels by lot beat chance | learnt or chosen on test rows | `fitted-on-all`, `as-published` |
# | training columns do not average 0 | scaled with the test rows | `scaled-first` |
# | a corner pixel raises the alarm | column without spread | `no-spread-counted` |
# | shuffles agree too well | one generator a round | `one-order-for-all` |
# | predictions fit no row | fold after fold | `in-order-of-folds` |
# | an interval far too wide | single scores, not means | `of-the-values`, `spread-of-the-values` |
# | an interval of no width | drawn without replacement | `nothing-left-out` |

# %% [markdown] slug="card-text"
# ## 10 · Wrap-up
#
# A score leaves the notebook with its **model card**: what it does, how it was judged, for whom it fails. Copy this one,
# and change the words.

# %% slug="judged"
easy = cross_val_predict(svm_pipeline(), both, y, cv=StratifiedKFold(7, shuffle=True, random_state=0))
judged = {"any rows": (easy, None), "new writers": (guesses["SVM"], writer), "new speakers": (strange, speaker)}
scores = {}
for how, (guess, people) in judged.items():
    scores[how] = (accuracy(y, guess), *bootstrap_interval(accuracy, y, guess, groups=people))

# %% slug="card"
card = model_card(
    "Spoken and written digits",
    task="an 8 × 8 picture and 0.7 s of sound in, a digit out; for teaching",
    data="1797 digits by 14 writers, spoken by four synthetic speakers; noise added",
    measure="accuracy",
    chance=chance_level(y),
    scores=scores,
    slices=slices,
    limits=["four speakers, none of them human: the interval for new ones is a guess", "no letters"],
)
Markdown(card)

# %% [markdown] slug="wrap-up"
# Can you now, without looking: give a case where accuracy 0.99 is worth nothing? name a leak that labels by lot do not
# find? say why the best of 500 falls? why overlapping intervals prove nothing? on which rows to choose a threshold?
#
# **Reuse this** on your own data, a folder with a `manifest.csv` that has columns `audio`, `target` and
# `group_speaker`:
#
# ```python
# from mmlearn_edu.datasets import load_folder
# speaker = load_folder("my_sounds").groups["speaker"]
# print(np.intersect1d(speaker[train], speaker[test]))  # [] is honest
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Ambroise, C. & McLachlan, G. J. (2002). Selection bias in gene extraction on the basis of microarray gene-expression
#   data. *PNAS* 99(10), 6562–6566.
# - Efron, B. & Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*. Chapman & Hall.
# - Kapoor, S. & Narayanan, A. (2023). Leakage and the reproducibility crisis in machine-learning-based science.
#   *Patterns* 4(9), 100804.
# - Mitchell, M. et al. (2019). Model cards for model reporting. *FAT\**, 220–229.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | confusion matrix | 混淆矩阵 | | cross-validation | 交叉验证 |
# | recall | 召回率 | | fold | 折 |
# | precision | 精确率 | | bootstrap | 自助法 |
# | leak | 泄漏 | | slice | 切片 |
# | threshold | 阈值 | | model card | 模型卡 |

# %% slug="progress"
progress()
