# %% [markdown] slug="title"
# # 02 · TF-IDF: which words matter
#
# **How does a search engine know which words of your question matter?**
#
# The surprise: neither your question nor any single text can tell. Count shared words, and one text about a statistical
# test keeps winning. Only the *other* texts say which words matter.
#
# You will be able to
# 1. compute TF-IDF in four steps: tokenise, count, weigh, scale;
# 2. tell three formulas for idf apart, and explain why idf looks across texts;
# 3. build a search engine, also for words it has never met;
# 4. search Chinese, which has no blanks;
# 5. debug a TF-IDF that runs and learns nothing.
#
# **Needs** 00-start-here. **Time** 50 minutes; *Text without blanks* is optional. **Modality** 📝 text

# %% slug="imports"
import re
from collections import Counter

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer as SklearnCounts
from sklearn.feature_extraction.text import TfidfVectorizer as SklearnTfidf
from sklearn.preprocessing import normalize

from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.datasets import load_docstrings, make_scenes
from mmlearn_edu.features import CountVectorizer, TfidfTransformer, TfidfVectorizer, ngrams, tokenize
from mmlearn_edu.plots import describe, score_bars
from mmlearn_edu.similarity import top_k
from mmlearn_edu.widgets import edit_document

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("02-tfidf", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article finds the keywords of every text in a collection (shown, not run):
#
# ```python
# def keywords(text, k):
#     sentences = [re.findall(r"\w\w+", sentence) for sentence in text.lower().split(".")]
#     tf = Counter(word for sentence in sentences for word in sentence)
#     df = Counter(word for sentence in sentences for word in set(sentence))
#     idf = {word: np.log((1 + len(sentences)) / (1 + df[word])) + 1 for word in df}
#     return sorted(tf, key=lambda word: -tf[word] * idf[word])[:k]
# ```
#
# `\w` is a letter or digit of any language, `+` means one or more; a `Counter` counts. It runs, and every text gets its
# keywords. By the end you will find and fix two faults.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# Three texts: *A ring.* *A red ring!* *A red, red star.* Work on paper.
#
# **1 tokenise.** Small letters, no punctuation: *a, red, red, star*. The different words, sorted, are the
# **vocabulary**: *a, red, ring, star*.
#
# **2 count.** How often does each word stand in each text? That is **tf**, term frequency: 1 2 0 1 in the last.

# %% [markdown] slug="by-hand-weigh"
# **3 weigh.** How many texts have the word at all? That is **df**, document frequency: 3 2 2 1. With $n$ texts, the
# **inverse document frequency** is $\text{idf} = \ln\frac{1+n}{1+\text{df}}+1$: 1 for a word of every text, more for a
# rarer one. In code: `np.log((1 + n) / (1 + df)) + 1`. Multiply: tf · idf.
#
# **4 scale.** Divide each row by its length, $\sqrt{\sum_j x_j^2}$ (**L2**): long and short texts compare.

# %% slug="hand-in-code"
hand = ["A ring.", "A red ring!", "A red, red star."]
tokens = [re.findall(r"\w+", text.lower()) for text in hand]  # 1 tokenise
vocabulary = sorted({word for words in tokens for word in words})
tf = np.array([[words.count(word) for word in vocabulary] for words in tokens])  # 2 count
df = np.sum(tf > 0, axis=0)
idf = np.log((1 + len(hand)) / (1 + df)) + 1
weights = tf * idf  # 3 weigh
rows = weights / np.linalg.norm(weights, axis=1, keepdims=True)  # 4 scale
print(vocabulary, "df", df, "idf", idf.round(2))
print(rows.round(2))

# %% [markdown] slug="predict-text"
# `rows` has shape `(n_texts, n_words)`. Each row is a **bag of words**: their order is lost. The last row is mostly
# *red*, though *a* stands there too.
#
# ## 4 · Predict, run, explain
#
# Now 1320 real texts: what functions and classes of Python libraries say of themselves, on twelve topics.

# %% slug="texts"
docstrings = load_docstrings()
texts = docstrings.X["text"]
topic = np.array(docstrings.target_names)[docstrings.y]
name = docstrings.latents["name"]  # which function a text speaks of
questions = [
    "what is the shortest path in a graph?",
    "how to find the edges of an image",
    "the pitch of a note",
    "what is the brightness of a star?",
]
print(len(texts), "texts; number 510 is about", topic[510], "|", texts[510])

# %% slug="predict-counts"
predict("tfidf.counts_search", ...)

# %% slug="counts-search"
counter = CountVectorizer().fit(texts)  # steps 1 and 2
counts = counter.transform(texts)  # (1320, 7627); only what is not zero is stored
points = (counts @ counter.transform(questions).T).toarray()  # (1320, 4)
winners = points.argmax(axis=0)
predict("tfidf.counts_search", result=topic[winners[0]])
for question, i in zip(questions, winners, strict=True):
    print(f"{question:38} -> {topic[i]:10} {name[i].rpartition('.')[2]}")

# %% [markdown] slug="counts-search-text"
# **What to see:** Fisher's exact test, a long text full of *the* and *of*, answers three of four questions.
#
# Which words *should* decide? Ask the other texts. Below are three formulas found in books; only the last is ours.

# %% slug="idf-of-words"
df_of = dict(zip(counter.get_feature_names_out(), (counts > 0).sum(axis=0), strict=True))
n, smoothed = len(texts), {}
print("               df   ln(n/df)  ln(n/df)+1  ln((1+n)/(1+df))+1")
for word in ("the", "is", "in", "path", "graph", "shortest", "zyzzyva"):
    df = df_of.get(word, 0)
    smoothed[word] = np.log((1 + n) / (1 + df)) + 1
    plain = np.log(n / df) if df else np.inf
    print(f"{word:10} {df:6} {plain:10.2f} {plain + 1:11.2f} {smoothed[word]:12.2f}")
print(describe(score_bars(smoothed, label="smoothed idf (no unit)")))

# %% [markdown] slug="idf-text"
# **What to see:** one *shortest* outweighs five *the*. The first formula gives nearly 0 to a word of nearly
# every text; the +1 keeps it alive. Both are infinite for a word of no text; *smoothing*, adding 1 above and
# below, mends that. As if one more text had every word.
#
# ## 5 · The same through the package
#
# `CountVectorizer` then `TfidfTransformer` do the four steps; `TfidfVectorizer` is both in one. Ours and
# those of scikit-learn, the usual library, must agree, once it is told that one letter is a word. Then read the two
# functions that weigh.

# %% slug="library"
from mmlearn_edu.features.text import tfidf as source_of_tfidf

ours = TfidfTransformer().fit(counts)
np.testing.assert_allclose(ours.idf_[counter.vocabulary_["graph"]], smoothed["graph"])
theirs = SklearnTfidf(token_pattern=r"\w+").fit(texts)
np.testing.assert_allclose(ours.idf_, theirs.idf_)
np.testing.assert_allclose(ours.transform(counts).toarray(), theirs.transform(texts).toarray())
print("scikit-learn agrees; as it comes, it drops", len(theirs.idf_) - len(SklearnTfidf().fit(texts).idf_), "words")
show_source(source_of_tfidf._inverse_document_frequency)
show_source(source_of_tfidf._weigh)

# %% [markdown] slug="worth-text"
# What is it worth? Let every text ask: are the five texts most like you about your topic? Texts of the same module are
# left out, since they share an author.

# %% slug="worth"
module, found = docstrings.groups["module"], {}
tables = {
    "counts": counts.astype(float),
    "counts, length 1": normalize(counts.astype(float)),
    "tf-idf, length 1": ours.transform(counts),
}
for way, X in tables.items():
    alike = (X @ X.T).toarray()  # (1320, 1320)
    alike[module[:, None] == module] = -1
    found[way] = np.mean(topic[top_k(alike, k=5)] == topic[:, None])
chance = np.mean(topic[:, None] == topic)
print(describe(score_bars(found, chance=chance, label="share on the same topic (1 is perfect)")))

# %% [markdown] slug="worth-see"
# **What to see:** counts are hardly better than chance. Length helps a lot; idf adds as much again.
#
# ## 6 · Exercises: a search engine in five functions
#
# First the vocabulary. One line to complete; `tokenize` is `re.findall(r"\w+", text.lower())`.

# %% slug="ex-vocabulary" exercise="tfidf.learn_vocabulary"

# %% [markdown] slug="count-text"
# The vocabulary is learned once, from the texts to be searched, then **frozen**. New texts and queries are counted in
# the same columns, or their rows could not be compared.

# %% slug="ex-count" exercise="tfidf.count_words"

# %% [markdown] slug="ex-idf-text"
# idf is learned from the same texts, and frozen too.

# %% slug="ex-idf" exercise="tfidf.learn_idf"

# %% slug="ex-weigh" exercise="tfidf.weigh"

# %% slug="together"
learn, count = use("tfidf.learn_vocabulary", learn_vocabulary), use("tfidf.count_words", count_words)
rare, scale = use("tfidf.learn_idf", learn_idf), use("tfidf.weigh", weigh)
few = texts[:200].tolist()
table = count(few, learn(few))
np.testing.assert_array_equal(table, SklearnCounts(token_pattern=r"\w+").fit_transform(few).toarray())
np.testing.assert_allclose(scale(table, rare(table)), TfidfVectorizer().fit_transform(few).toarray())
print("four functions, the same numbers as two libraries; shape", table.shape)

# %% [markdown] slug="unknown-text"
# What about a word that no text has?

# %% slug="predict-unknown"
predict("tfidf.unknown_word", ...)

# %% slug="unknown"
engine = TfidfVectorizer().fit(texts)
both, alone, never = engine.transform(["graph zyzzyva", "graph", "zyzzyva"]).toarray()
predict("tfidf.unknown_word", result=np.array_equal(both, alone))
print("a query of unknown words only: length", np.linalg.norm(never))

# %% [markdown] slug="search-text"
# A row of zeros: it has no direction, and every text is equally unlike it. A good engine would say so.
#
# ### Search
#
# Now put the parts together. No skeleton this time. Rows of length 1 have the **cosine** of their angle as dot
# product: 1 is the same direction, 0 is no word in common.

# %% slug="ex-find" exercise="tfidf.find_texts"

# %% [markdown] slug="engine-text"
# Your engine at work. Put questions of your own into the list.

# %% slug="engine"
find = use("tfidf.find_texts", find_texts)
for question in [*questions, "remove noise from a signal"]:
    print(question)
    for i in find(question, texts.tolist(), 3):
        print(f"   {topic[i]:10} {name[i].rpartition('.')[2]:28} {texts[i][:60]}...")

# %% [markdown] slug="chinese-text"
# **What to see:** pitches and shortest paths are found. *Star* finds star *graphs*: to this engine a word is its
# letters, not its meaning.
#
# ### Text without blanks (optional)
#
# Chinese puts no blanks between words. Here are the captions of 300 drawn scenes, in two languages:

# %% slug="chinese"
english, chinese = make_scenes(300).X["text"], make_scenes(300, language="zh").X["text"]
print(tokenize(english[0]), tokenize(chinese[0]))
by_words = TfidfVectorizer().fit(chinese)
print("learned as words:", list(by_words.vocabulary_)[:3])
print("captions that have the word 红色圆形 (red circle):", by_words.transform(["红色圆形"]).nnz)
asked_en = np.array([" ".join(caption.split()[2:]) for caption in english])  # "yellow cross"
asked_zh = np.array([caption.partition("的")[2] for caption in chinese])  # the same in Chinese

# %% [markdown] slug="ngrams-text"
# A whole caption is one "word", so only an exact repetition is found. A way out that needs no dictionary: count runs
# of neighbouring characters, **character n-grams**. For n = 2, 红色圆形 holds 红色, 色圆, 圆形.

# %% slug="ex-ngrams" exercise="tfidf.char_ngrams"

# %% slug="ngrams"
runs, scores = use("tfidf.char_ngrams", char_ngrams), {}
assert runs("红色圆形", 1) + runs("红色圆形", 2) == ngrams("红色圆形", (1, 2), glue="")
ways = {
    "English, words": (english, asked_en, TfidfVectorizer()),
    "Chinese, words": (chinese, asked_zh, TfidfVectorizer()),
    "Chinese, 1 and 2 characters": (chinese, asked_zh, TfidfVectorizer(analyzer="char", ngram_range=(1, 2))),
}
for way, (captions, asked, by) in ways.items():
    alike = (by.fit(captions).transform(asked) @ by.transform(captions).T).toarray()  # (300, 300)
    np.fill_diagonal(alike, -1)  # no scene may find itself
    scores[way] = np.mean(asked[top_k(alike, k=5)] == asked[:, None])
print(describe(score_bars(scores, chance=1 / 24, label="share with the colour and shape asked for")))

# %% [markdown] slug="ngrams-see"
# **What to see:** with runs of characters, Chinese is searched as well as English. Where a colour and shape has fewer
# than six scenes, no engine can find five others. (These captions follow one pattern; real text is harder: 红色, red,
# stands inside 品红色, magenta, and runs of characters take one for a part of the other.)

# %% [markdown] slug="widget-text"
# ## 7 · Make a word the top word
#
# Edit the text in the widget. The list shows its words by tf · idf. **Task:** add copies of *the* until it is the top
# word; delete nothing. Then write how many stand there, or `editing`, below.

# %% slug="widget"
page = texts[510]
rarity = dict(zip(engine.get_feature_names_out(), engine.idf_, strict=True))
editing = edit_document(page, rarity, goal="the")
editing

# %% slug="ex-top-word" exercise="tfidf.top_word"

# %% [markdown] slug="debug-text"
# ## 8 · Debug the article
#
# So a rare word is worth many common ones, *if* idf has seen other texts. Run the article's function (it returns all
# weights), then the cell after it. First: which words does it put on top? Second: how many weights of text 510 change
# when all other texts are taken away? Mend both faults, run again: eight minutes.

# %% slug="ex-fix" exercise="tfidf.fix_article"

# %% slug="debug-run"
weighed = article_tfidf(texts)
for i in (510, 7, 42):
    top = sorted(weighed[i], key=weighed[i].get, reverse=True)[:4]
    print(f"{topic[i]:10} {', '.join(top)}")
(alone,) = article_tfidf(texts[510:511])
changed = sum(alone.get(word) != weight for word, weight in weighed[510].items())
print(f"without the other texts, {changed} of {len(alone)} weights change")
print("I and C:", *article_tfidf(["I C a ring."]))

# %% [markdown] slug="why-text"
# And the other fault can be loud. A text of one-letter words is empty for such a tokeniser:

# %% slug="loud-fault"
try:
    SklearnCounts().fit(["I", "我 爱 猫"])  # "I love cats", with blanks between the words
except ValueError as problem:
    print("ValueError:", problem)

# %% [markdown] slug="why-question"
# Why could the article's faults have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="tfidf.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | `I`, `C`, 猫 are never found | a word must have two letters | `one-letter-words-dropped` |
# | `KeyError` on a new text | vocabulary not frozen, or not asked | `unknown-raises` |
# | the query has other columns | fitted again on the query | `query-learned-alone` |
# | a word said often by one text looks common | occurrences counted, not texts | `counted-tokens` |
# | words of every text vanish, or count against it | another smoothing | `no-plus-one`, `textbook`, `smoothed-below-only` |
# | numbers a little off from the library's | logarithm to base 10 | `log10` |
# | long texts win | not scaled to length 1 | `no-length` |
# | NaN in a row | text without a known word | `empty-text-nan` |
# | other texts change nothing | idf within one text | `within-the-text` |
# | the last characters are never found | one run too few | `last-one-missing` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Can you now, without looking: write the four steps? say which of tf, df and n look at other texts? tell three formulas
# for idf apart? say what an unknown word does? cut 红色的圆 into runs of two?
#
# **Reuse this** on your own files, a folder with a `manifest.csv` that has a column `text`:
#
# ```python
# from mmlearn_edu.datasets import load_folder
# from mmlearn_edu.features import TfidfVectorizer
# texts = load_folder("my_texts").X["text"]
# engine = TfidfVectorizer().fit(texts)
# scores = engine.transform(texts) @ engine.transform(["my question"]).T
# ```
#
# For Chinese: `TfidfVectorizer(analyzer="char", ngram_range=(1, 2))`.

# %% [markdown] slug="read-on"
# **Read on**
# - Spärck Jones, K. (1972). A statistical interpretation of term specificity and its application in retrieval.
#   *Journal of Documentation* 28(1), 11–21.
# - Salton, G. & Buckley, C. (1988). Term-weighting approaches in automatic text retrieval.
#   *Information Processing & Management* 24(5), 513–523.
# - Manning, C., Raghavan, P. & Schütze, H. (2008). *Introduction to Information Retrieval*, ch. 2 and 6. Cambridge.
# - Nie, J.-Y., Gao, J., Zhang, J. & Zhou, M. (2000). On the use of words and n-grams for Chinese information
#   retrieval. *IRAL*, 141–148.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | token | 词元 | | document frequency (df) | 文档频率 |
# | vocabulary | 词表 | | inverse document frequency (idf) | 逆文档频率 |
# | term frequency (tf) | 词频 | | smoothing | 平滑 |
# | bag of words | 词袋 | | cosine similarity | 余弦相似度 |
# | query | 查询 | | character n-gram | 字符 n 元组 |

# %% slug="progress"
progress()
