"""Texts in, one matrix out: counted, weighed or hashed."""

from mmlearn_edu.features.text.counts import CountVectorizer
from mmlearn_edu.features.text.hashing import HashingVectorizer
from mmlearn_edu.features.text.tfidf import TfidfTransformer, TfidfVectorizer
from mmlearn_edu.features.text.tokens import ngrams, tokenize

__all__ = ["CountVectorizer", "HashingVectorizer", "TfidfTransformer", "TfidfVectorizer", "ngrams", "tokenize"]
