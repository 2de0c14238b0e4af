/* Keeps hours and fee beside the chosen times; the check page tells the same from the server. */
const stay = document.querySelector("[data-stay]");
if (stay) {
  const [starts, ends] = stay.querySelectorAll("select");
  const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const words = (clock) => clock.replace(/^0/, "");
  const yuan = (fen) => `${fen % 100 ? (fen / 100).toFixed(2) : fen / 100} 元`;
  const write = (selector, text) => {
    document.querySelectorAll(selector).forEach((place) => { place.textContent = text; });
  };
  const tell = () => {
    const length = minutes(ends.value) - minutes(starts.value);
    if (length <= 0) return;
    const fee = yuan(Math.ceil(length / Number(stay.dataset.step)) * Number(stay.dataset.fen));
    write("[data-stay-sum]", `${length / 60} 小时　${fee}`);
    write("[data-stay-fee]", fee);
    write("[data-stay-time]", `${words(starts.value)}–${words(ends.value)}`);
  };
  /* A later start moves the end along, so that a stay never ends before it begins. */
  const follow = () => {
    if (minutes(ends.value) > minutes(starts.value)) return;
    const later = [...ends.options].find((option) => minutes(option.value) > minutes(starts.value));
    if (later) ends.value = later.value;
  };
  starts.addEventListener("change", () => { follow(); tell(); });
  ends.addEventListener("change", tell);
}
