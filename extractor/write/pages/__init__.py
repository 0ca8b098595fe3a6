"""Pages for people: one file that loads nothing, runs only its own style and script, and follows the reader's theme."""

from __future__ import annotations

import base64
import hashlib
import html
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

THEME = "theme.css"


@cache
def read_asset(package: str, name: str) -> str:
    """A style or script that is shipped beside the code."""
    return (files(package) / name).read_text("utf-8")


def digest(text: str) -> str:
    """A hash source of a Content Security Policy: what has other bytes does not run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def escape(text: object) -> str:
    """Text as HTML, also inside an attribute.

    >>> escape('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return html.escape(str(text))


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page. `style` and `script` are its own, below the theme; `attributes` go to the body; `pictures` allows pictures inside the file."""

    title: str
    body: str
    style: str = ""
    script: str = ""
    language: str = "en"
    attributes: str = ""
    pictures: bool = False

    def __str__(self) -> str:
        style = read_asset("extractor.write.pages", THEME) + self.style
        script = f"<script>{self.script}</script>" if self.script else ""
        return (
            f'<!doctype html>\n<html lang="{self.language}"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{escape(self.policy(style))}">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(self.title)}</title>'
            f"<style>{style}</style></head><body{self.attributes and ' ' + self.attributes}>{self.body}{script}</body></html>\n"
        )

    def policy(self, style: str) -> str:
        """Nothing may be loaded; only the page's own style and script may run."""
        scripts = digest(self.script) if self.script else "'none'"
        pictures = "; img-src data:" if self.pictures else ""
        return f"default-src 'none'; style-src {digest(style)}; script-src {scripts}{pictures}; base-uri 'none'; form-action 'none'"
