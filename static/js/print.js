/* The print button appears only where it works: browsers inside apps have none, and WeChat's does nothing. */
const works = typeof window.print === "function" && !navigator.userAgent.includes("MicroMessenger");
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = !works;
  button.addEventListener("click", () => window.print());
});
document.querySelectorAll("[data-print-hint]").forEach((hint) => { hint.hidden = works; });
