"""What a page says in sentences: without commands, code, tables and headings."""

import re
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[3]
MARKDOWN = MarkdownIt("commonmark").enable("table")
# What stands for a piece of code in a sentence: as long as such names are, and known to all.
THING = "it"


def pages() -> list[Path]:
    """Return every page that people read, below the root."""
    found = [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts]
    found += [ROOT / "{{cookiecutter.project_slug}}" / "README.md", *ROOT.glob("*.md")]
    return sorted(path.relative_to(ROOT) for path in found)


def prose(text: str) -> str:
    """Return the sentences of a page, a paragraph a line."""
    kept, outside = [], True
    for token in MARKDOWN.parse(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)):
        if token.type in ("table_open", "heading_open", "table_close", "heading_close"):
            outside = token.type.endswith("close")
        elif token.type == "inline" and outside:
            words = "".join(_words(child.type, child.content) for child in token.children or ())
            words = re.sub(rf"\{{[\w-]+\}}{THING}", THING, words)  # {doc}`page`
            # A term of a list and what is said of it are two lines of one paragraph.
            paragraph = " ".join(re.sub(r"\n: ", ". ", words).split())
            kept.append(paragraph if re.search(r"[.!?:]$", paragraph) else f"{paragraph}.")
    return "\n".join(kept)


def _words(kind: str, content: str) -> str:
    return {"text": content, "code_inline": THING, "softbreak": "\n"}.get(kind, "")
