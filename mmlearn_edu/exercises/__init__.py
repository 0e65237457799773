"""One file per chapter, named like its source: what is asked, how it is checked, and the words for each mistake."""
