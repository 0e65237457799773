"""From a docstring to plain English: keep the sentences that read as prose, drop everything else.

Nothing is rewritten but markup. A sentence with code, a formula or a reference in it is left out as a whole.
"""

import re
import unicodedata

__all__ = ["sentences"]

KEPT_SECTIONS = {"notes", "explanation", "description", "extended summary", "overview", "background"}
GOOGLE = re.compile(  # "Args:" and its indented lines
    r"(key\w+ )?(arg(ument)?s?|param(eter)?s?|returns?|yields?|raises?|examples?|usage|attributes|references?|"
    r"citations?|(example|basic|typical|call|input|output)? ?(usage|arguments|shape|examples?|format)|shapes?|inputs?|"
    r"outputs?|see also|warnings?|notes?|todo|keys|targets|methods|variables|authors?|licen[cs]e|copyright)"
    r"\s*:{1,2}.*",
    re.IGNORECASE,
)
NOT_PROSE = re.compile(  # how such a paragraph begins
    r"(>>>|\.\. |[*+\-•#|:@=\[{<~^$`]|\(?\w{1,2}[.)] |\.\.$|In \[|np\.)"
)
LIST_INSIDE = re.compile(r"^(\s+|[*+\-•|] |\d+[.)] |>>>|\.\. )", re.MULTILINE)
MARKUP = [  # (what, instead): in this order
    (r"\s*\|?\[[#\w\s,]*\]_\|?", ""),  # citations [1]_
    (r":math:`([\w ,.()+/'-]+)`", r"\1"),  # a formula that is plain text
    (r"\$([A-Za-z0-9])\$", r"\1"),
    (r"(?::[\w:+-]+:)?`([^`<]+?)\s*<[^`>]*>`_{0,2}", r"\1"),  # links and roles with a title
    (r":(?!math)[\w:+-]+:`[~!]?([^`]+)`", lambda m: last(m[1])),
    (r"``([^`]*)``", lambda m: last(m[1])),
    (r"`([^`]*)`_{0,2}", lambda m: last(m[1])),
    (r"\[([^\]]+)\]\([^)]+\)", r"\1"),  # links in Markdown
    (r"(?<![\w*])\*\*?([^\s*][^*]*?)\*\*?(?![\w*])", r"\1"),
    (r"(?<!\w)_([A-Za-z][\w ]*[A-Za-z])_(?!\w)", r"\1"),
    (r"\b([A-Za-z]\w*)\(\)", r"\1"),
    (r"\s*\((?:see|cf\.?|eq|fig|ref|default)[^()]*\)", ""),
    (r"[“”]", '"'),
    (r"[‘’]", "'"),
    (r"(?<=\w)--+(?=\w)|\s--+\s", " – "),
    (r"\(\s*\)|\(e\.g\.,?\s*\)", ""),
    (r"\s+([,.;:!?)])(?=\s|$)", r"\1"),
    (r"\s+", " "),
]
MARKUP = [(re.compile(pattern), instead) for pattern, instead in MARKUP]
END = re.compile(  # a full stop that ends a sentence
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\bal)(?<!\betc)(?<!\b[Ff]ig)(?<!\b[Ee]q)(?<!\b[A-Z])(?<!\bapprox)"
    r"(?<!\b[Rr]ef)(?<!\bDr)(?<!\bNo)(?<=[.!?])[\"')]{0,2}\s+(?=[A-Z0-9\"'(])"
)
LEFT_OVER = re.compile(
    r"[\\`*_|<>=\[\]{}#@^~$%\u200b§¶→⇒]|::|:\w+:|\b\w+\(\w*,|\.\.|--|\w\.[a-z]\w|\w/\w+/|https?|www\.|\(\W*\)|\.\w+\b(?<!\d)"
    r"|\b[a-z]+[A-Z]|(^|\s)[-+/&.]|\s[,;:.)]|'\w+'|\(s\)"
    r"|(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\betc)(?<!\bcf)(?<!\bal)[.!?] [a-z]"
    r"|\b(as|at|by|is|are|of|to|for|from|in|on|via|with|using|the|a|an|and|or|into|like|including|where|follows?|that)[.,;]"
)
TALK = re.compile(  # about the documentation, not about the subject
    r"\b(see|shown|given|described|listed|mentioned|defined|discussed|as|the|table|code|from) (above|below)\b|"
    r"\b(above|below)[.,;:]|\b(above|below) (for|example|code|figure|table)|\bthe following\b|\bas follows\b|\bsee\b|"
    r"\bexamples?\b(?<!for example)|"
    r"\b(e-?mail|deprecated|(since|in|from|new|added) versions? \d|docs?|docstrings?|documentation|tutorial|author\w*|"
    r"copyright|licen[cs]e|written by|contributed|refer to|references|et al|chapter|pp|pages?|doi|isbn|arxiv|wikipedia|"
    r"todo|fixme|args|kwargs|backwards?.compatib\w*|subclass\w*|github|pull request|paper|article|eq|eqn|"
    r"(equations?|eqs?|figure|section) \(?\d|future|(not|yet) implemented|private|I|I'll|me|my)\b",
    re.IGNORECASE,
)
REFERS_BACK = re.compile(
    r"(This|These|That|Those|It|Its|They|Their|Such|Both|Instead|Thus|Therefore|Hence|However|Then|Here|There|Also|But|"
    r"And|So|Otherwise|Similarly|Likewise|Again|Finally|Moreover|Furthermore|In addition|Additionally|Conversely|"
    r"Equivalently|Alternatively|In (this|that|these|such|both|either|the (first|second|latter|former)) |"
    r"The (latter|former|other|same|resulting)|([\w,'-]+ ){1,4}(this|these|those|it|they|them))\b"
)
ENGLISH = re.compile(
    r"\b(the|a|an|of|is|are|to|in|and|for|this|with|by|that|from|as|or|on|be|if|it|at|which)\b", re.IGNORECASE
)


def sentences(docstring: str) -> list[str]:
    """Return the prose of `docstring`, sentence by sentence; nothing if already its first sentence is no prose.

    After something that was left out, a sentence that refers back ("However, ...") is left out too.
    """
    kept, whole = [], True
    for i, paragraph in enumerate(paragraphs(docstring)):
        for sentence in END.split(plain(paragraph, is_title=i == 0)):
            whole = reads_well(sentence) and (whole or not REFERS_BACK.match(sentence))
            if whole:
                kept.append(sentence)
            elif not kept:
                return []
    return kept


def paragraphs(docstring: str) -> list[str]:
    """Return the paragraphs of the opening and of the sections that explain, empty where one is a list or code."""
    keep, in_block, lines = True, False, []
    source = docstring.expandtabs().splitlines()
    for i, line in enumerate(source):
        after = source[i + 1].strip() if i + 1 < len(source) else ""
        if re.fullmatch(r"([-=~^*\"#])\1{2,}", after) and line.strip():
            keep, in_block = i == 0 or line.strip(" :").lower() in KEPT_SECTIONS, False
        elif re.fullmatch(r"([-=~^*\"#])\1{2,}", line.strip()):
            continue
        elif GOOGLE.fullmatch(line):
            in_block = True
        elif line[:1].strip() and in_block:
            in_block = False
        if keep and not in_block and not re.fullmatch(r"([-=~^*\"#])\1{2,}", after):
            lines.append(line.rstrip())
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip()]
    return ["" if NOT_PROSE.match(block) or LIST_INSIDE.search(block) else block for block in blocks]


def plain(paragraph: str, is_title: bool) -> str:
    """Return `paragraph` without markup, as one line; a title ends with a full stop whether it had one or not."""
    text = unicodedata.normalize("NFC", paragraph)
    for pattern, instead in MARKUP:
        text = pattern.sub(instead, text)
    text = text.strip()
    return f"{text}." if is_title and text[-1:].isalnum() else text


def reads_well(sentence: str) -> bool:
    """Tell whether `sentence` is English prose about its subject."""
    words = sentence.split()
    common = len(ENGLISH.findall(sentence))
    return (
        4 <= len(words) <= 60
        and common >= max(1, len(words) // 8)
        and sentence[0].isupper()
        and sentence.endswith((".", "!", "?"))
        and not LEFT_OVER.search(sentence)
        and not TALK.search(sentence)
        and sentence.count("(") == sentence.count(")")
        and sentence.count('"') % 2 == 0
    )


def last(name: str) -> str:
    """Return the last part of a dotted name, ``scipy.signal.butter`` -> ``butter``; anything else as it is."""
    name = name.strip().removesuffix("()")
    return name.rsplit(".", 1)[-1] if re.fullmatch(r"[\w.]+", name) else name
