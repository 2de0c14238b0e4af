/* Copying and sharing a text: the buttons appear only where scripts run; a live region says what came of it. */
const select = (target) => {
  if (target.select) {
    target.focus();
    target.select();
    return;
  }
  window.getSelection().selectAllChildren(target);
};

/* Browsers inside apps often have no clipboard, or refuse it: then the text is selected for the reader to copy. */
const copy = async (target) => {
  try {
    await navigator.clipboard.writeText(target.value ?? target.innerText.trim());
    return "copied";
  } catch {
    select(target);
    return "selected";
  }
};

document.querySelectorAll("[data-copy]").forEach((button) => {
  const said = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const outcome = await copy(document.getElementById(button.dataset.copy));
    said.textContent = "";
    window.setTimeout(() => (said.textContent = said.dataset[outcome]), 50);
  });
});

document.querySelectorAll("[data-share]").forEach((button) => {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.share({ text: button.dataset.share }).catch(() => undefined));
});
