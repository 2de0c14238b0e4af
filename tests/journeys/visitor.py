"""Somebody at a browser: acts by what they read on the screen, and every page they meet is looked over."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.journeys.markup import MarkupChecker

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # Axe would fetch the style sheets again and look for their imports beside the page.
    "preload": False,
}
# Wagtail's menu and side panels are not ours to mend, and its banner fades in, which has no contrast for a moment.
ADMIN_CONTEXT = {"include": [["#main"]], "exclude": [[".messages"]]}
STATUS_NOISE = re.compile(r"the server responded with a status of (\d+)")
SET_TYPE = """value => {
  if (value) document.documentElement.dataset.type = value; else delete document.documentElement.dataset.type;
  return document.fonts.ready.then(() => true);
}"""
TYPE_OF_PAGE = "() => document.documentElement.dataset.type || ''"
HEIGHT = "() => document.documentElement.scrollHeight"
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
RUN_AXE = """([context, rules]) =>
  axe.run(context === "document" ? document : context, rules).then(found => found.violations)"""


class Visitor:
    """Acts in one browser. `troubles` is what no visitor may ever meet."""

    def __init__(self, context: BrowserContext, *, name: str, markup: MarkupChecker, scripted: bool = True) -> None:
        self.context = context
        self.markup = markup
        self.name = name
        self.scripted = scripted
        self.troubles: list[str] = []
        self.allowed: set[int] = set()
        #: The last whole page that came, until it is looked at.
        self._document: Response | None = None
        self.axe = Axe()
        self.page: Page = self._watch(context.new_page())
        #: A folder for a picture of every page, for a look by eye.
        self.shots = Path(os.environ["JOURNEY_SHOTS"]) if "JOURNEY_SHOTS" in os.environ else None
        self._number = 0

    def _watch(self, page: Page) -> Page:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("response", self._answered)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        status = STATUS_NOISE.search(message.text)
        if status is None or int(status[1]) not in self.allowed:
            self.troubles.append(f"{self.page.url}: {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame.parent_frame is None:
            self._document = response
        if response.status >= 400 and response.status not in self.allowed:
            self.troubles.append(f"{response.url}: {response.status}")

    # Acts

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(path)
        self.look()

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press the button of that name."""
        (within or self.page).get_by_role("button", name=name).first.click()
        self.look()

    def follow(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Follow the link of that name."""
        (within or self.page).get_by_role("link", name=name).first.click()
        self.look()

    def write(self, **answers: str) -> None:
        """Fill fields by their labels."""
        for label, text in answers.items():
            self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        """The field of that label."""
        return self.page.get_by_label(label).first

    def pick(self, label: str, option: str) -> None:
        """Choose by what the list shows."""
        self.field(label).select_option(label=option)

    def tick(self, label: str) -> None:
        """Tick a box, or choose one of several."""
        self.page.get_by_label(label).first.check()

    # What is seen

    def sees(self, *texts: str) -> None:
        """All of these stand on the page."""
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible()

    def misses(self, *texts: str) -> None:
        """None of these stands on the page."""
        for text in texts:
            expect(self.page.get_by_text(text)).to_have_count(0)

    def heading(self, text: str | re.Pattern[str]) -> None:
        """The page is called that."""
        expect(self.page.get_by_role("heading", level=1).first).to_have_text(text)

    def is_large(self) -> None:
        """The page is in large type because the visitor asked for it."""
        expect(self.page.locator("html")).to_have_attribute("data-type", "large")

    def look(self) -> None:
        """Look the page over: valid HTML, and in both sizes of type no sideways scroll and nothing axe objects to."""
        self.page.wait_for_load_state("load")
        self._read()
        size = self.page.viewport_size
        assert size is not None
        self._measure("as it is")
        if not self.scripted:
            return
        self.page.evaluate(self.axe.axe_script)
        before = self.page.evaluate(TYPE_OF_PAGE)
        for mode in ("",) if self.in_admin else ("", "large"):
            self.page.evaluate(SET_TYPE, mode)
            self._measure(mode)
            # A sticky bar partly covers what lies behind it, so the window is as high as the page.
            height = max(int(self.page.evaluate(HEIGHT)), size["height"])
            self.page.set_viewport_size({"width": size["width"], "height": height})
            self._judge(mode)
            self._picture(mode or "normal")
        self.page.evaluate(SET_TYPE, before)
        self.page.set_viewport_size(size)

    @property
    def in_admin(self) -> bool:
        """Wagtail's pages have no large type."""
        return "/admin/" in self.page.url

    def _read(self) -> None:
        document, self._document = self._document, None
        if document is None or self.in_admin or "html" not in document.headers.get("content-type", ""):
            return
        self.troubles += [f"{document.url}: HTML {error}" for error in self.markup.errors(document.body())]

    def _measure(self, mode: str) -> None:
        wide, shown = self.page.evaluate(WIDTHS)
        if wide > shown:
            self.troubles.append(f"{self.page.url}: {wide} px wide in {shown} ({mode})")

    def _judge(self, mode: str) -> None:
        context = ADMIN_CONTEXT if self.in_admin else "document"
        found = self.page.evaluate(RUN_AXE, [context, RULES])
        for violation in found:
            places = "; ".join(node["html"][:200] for node in violation["nodes"][:3])
            self.troubles.append(f"{self.page.url}: axe {violation['id']} ({mode}): {places}")

    def _picture(self, mode: str) -> None:
        if self.shots:
            self._number += 1
            path = re.sub(r"[^a-z]+", "-", self.page.url.split("/", 3)[-1].split("?")[0].lower()).strip("-")
            self.page.screenshot(path=self.shots / f"{self.name}-{self._number:03}-{path[:40]}-{mode}.png")

    def leave(self) -> None:
        """Close the browser."""
        self.context.close()


#: Brings a visitor with a browser of their own: a name, then the options of the browser.
NewVisitor = Callable[..., Visitor]
