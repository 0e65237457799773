"""Chapter 00-start-here."""

from mmlearn_edu.checks.authoring import chapter

CHAPTER = chapter("00-start-here", "Start here: shapes, pairs, predictions", minutes=45)
