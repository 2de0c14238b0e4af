"""Walk the Wagtail admin as a person does, from link to link, and read every word that is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

#: What nobody reads: code, drawings, and what a person typed or chose before.
UNREAD = {"script", "style", "svg", "textarea"}
#: Read aloud or shown in a bubble.
SPOKEN = ("title", "aria-label", "placeholder", "alt", "aria-description")
WORD = re.compile(r"[A-Za-z][A-Za-z]+")
NUMBERS = re.compile(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}")


class Reader(HTMLParser):
    """The texts of a page that are seen or read aloud, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._unread: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in UNREAD or "data-side-panel-toggle-counter" in values:
            self._unread.append(tag)
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        if self._unread:
            return
        self.texts += [str(values[name]) for name in SPOKEN if values.get(name)]
        if tag == "input" and values.get("type") in {"submit", "button", "reset"}:
            self.texts.append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._unread and self._unread[-1] == tag:
            self._unread.pop()

    def handle_data(self, data: str) -> None:
        if '"wagtail.sidebar.' in data:
            self.texts += [json.loads(found) for found in re.findall(r'"label": ("[^"]*")', data)]
            self.links += [json.loads(found) for found in re.findall(r'"url": ("[^"]*")', data)]
        if not self._unread and data.strip():
            self.texts.append(data.strip())


def english_in(html: str, allowed: set[str]) -> list[str]:
    """The texts with a word of English that is not allowed."""
    return [found for found in Reader(html).texts if any(word.lower() not in allowed for word in WORD.findall(found))]


def walk(client: Client, start: str, most: int = 200) -> Iterator[tuple[str, str]]:
    """Each page of the admin that links lead to, one of each kind: its address and HTML."""
    waiting, seen = [start], {kind_of(start)}
    while waiting:
        address = waiting.pop(0)
        response = client.get(address)
        assert response.status_code < 400, f"{address}: {response.status_code}"
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        html = response.content.decode()
        yield address, html
        for link in Reader(html).links:
            target = urlsplit(urljoin(address, link))
            if target.netloc or not target.path.startswith("/admin/") or "/bulk/" in target.path:
                continue
            to = target.path + (f"?{target.query}" if target.query else "")
            if kind_of(to) not in seen and len(seen) < most:
                seen.add(kind_of(to))
                waiting.append(to)


def kind_of(address: str) -> str:
    """Pages of one kind differ in the row they are about and in how a list is sorted."""
    return NUMBERS.sub("#", urlsplit(address).path)
