/* For every page: lead to the error summary after a refused form, and send a form only once. */
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});

/* Coming back with the back button shows a page that was already sent: make it usable again. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}

/* The chosen one of a row of chips is in sight. */
document.querySelectorAll(".chips [aria-current]").forEach((chip) => {
  const row = chip.parentElement;
  row.scrollLeft = chip.offsetLeft - row.offsetLeft - (row.clientWidth - chip.offsetWidth) / 2;
});

/* Back to the page one came from is a step back, so that it stands where it was left. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-back]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !document.referrer) return;
  const before = new URL(document.referrer);
  if (before.origin !== location.origin) return;
  if (before.pathname !== link.pathname || history.length < 2) {
    link.search = asLeft(link);
    return;
  }
  event.preventDefault();
  history.back();
});

/* With other pages in between the list still opens as it was left: its page, order and filters, for what is asked now. */
const asLeft = (link) => {
  const kept = new URLSearchParams(sessionStorage.getItem(link.pathname) ?? "");
  new URLSearchParams(link.search).forEach((value, name) => kept.set(name, value));
  return kept.toString();
};
if (document.querySelector("[data-keep]")) sessionStorage.setItem(location.pathname, location.search);
