/* Today's board: keeps the place of whoever works with keys, says what came of a tap, and looks again by itself. */
const LOOK_EVERY = 30_000;
const ASK_AGAIN = 5_000;
const PRESSED_TWICE = { within: 1500, around: 48 };
const said = document.getElementById("board-said");
const board = () => document.getElementById("board");

const say = (words, kind = "notice notice--bad") => {
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = words;
  said.replaceChildren(line);
};

/* The act that follows never lies under the finger that pressed before. */
let pressed = { at: 0, x: 0, y: 0 };
document.addEventListener("click", (event) => {
  const button = event.target.closest("#board form[data-row] button");
  if (!button || !event.detail) return;
  const { at, x, y } = pressed;
  const near = Math.hypot(event.clientX - x, event.clientY - y) < PRESSED_TWICE.around;
  if (near && event.timeStamp - at < PRESSED_TWICE.within) {
    event.preventDefault();
    event.stopPropagation();
    say(said.dataset.twice);
    return;
  }
  pressed = { at: event.timeStamp, x: event.clientX, y: event.clientY };
}, true);

/* Back to the child's row, wherever it now stands. */
document.addEventListener("htmx:afterSettle", (event) => {
  const source = event.detail.requestConfig?.elt;
  const row = source?.dataset.row && document.getElementById(source.dataset.row);
  if (row) {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  if (event.target.matches(".contacts-box")) event.target.querySelector("a")?.focus();
});

let unsure = false;
let next = 0;
const ask = () => {
  if (unsure && board()) window.htmx.trigger(board(), "board-look");
};
const seenAgain = (event) => {
  const { elt, successful } = event.detail;
  if (!unsure || !successful || !(elt.id === "board" || elt.dataset.row)) return;
  unsure = false;
  if (elt.id === "board") say(said.dataset.again, "notice");
};
document.addEventListener("htmx:afterRequest", seenAgain);
window.addEventListener("online", ask);

const lost = (event) => {
  const { elt, xhr } = event.detail;
  const gone = xhr && [401, 403, 404].includes(xhr.status);
  if (gone) {
    say(said.dataset.old);
    window.location.reload();
    return;
  }
  pressed.at = 0;
  // Nobody knows whether the tap arrived: those words stay until the board has been seen again.
  if (elt.dataset.row) unsure = true;
  if (elt.dataset.row || !unsure) say(elt.dataset.lost || said.dataset.stale);
  if (unsure) {
    window.clearTimeout(next);
    next = window.setTimeout(ask, ASK_AGAIN);
  }
  elt.querySelector?.("form[data-lost] button, button")?.focus({ preventScroll: true });
};
["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, lost));

/* Seen by people who look at it, and not while they type, read a number or wait for an answer. */
const busy = () => document.hidden || !board() || board().querySelector(".contacts-box, .htmx-request, details[open]")
  || document.activeElement?.matches("input:not([type=hidden]), textarea, select");
const look = () => {
  if (!busy()) window.htmx.trigger(board(), "board-look");
};
window.setInterval(look, LOOK_EVERY);
document.addEventListener("visibilitychange", look);
document.addEventListener("board-seen", (event) => {
  const clock = document.querySelector("[data-board-seen]");
  if (clock) clock.textContent = event.detail.value;
});
