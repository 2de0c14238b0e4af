/* Copying and sharing a text: the buttons appear only where the browser can do it. */
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.clipboard
      .writeText(button.dataset.copy)
      .then(() => (button.textContent = button.dataset.done))
      .catch(() => (button.hidden = true));
  });
});

document.querySelectorAll("[data-share]").forEach((button) => {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.share({ text: button.dataset.share }).catch(() => undefined));
});
