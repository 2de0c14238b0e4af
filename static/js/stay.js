/* Keeps hours, marked stay and fee beside each other; the check page tells the same from the server. */
const write = (selector, text) => {
  document.querySelectorAll(selector).forEach((place) => { place.textContent = text; });
};
const tell = (fee, time) => {
  write("[data-stay-fee]", fee);
  write("[data-stay-time]", time);
};
const windows = document.querySelector("[data-windows]");
const radios = windows ? [...windows.querySelectorAll("input[type=radio]")] : [];

const stay = document.querySelector("[data-stay]");
if (stay) {
  const [starts, ends] = stay.querySelectorAll("select");
  const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const words = (clock) => clock.replace(/^0/, "");
  const yuan = (fen) => `${fen % 100 ? (fen / 100).toFixed(2) : fen / 100} 元`;
  const price = () => {
    const length = minutes(ends.value) - minutes(starts.value);
    if (length <= 0) return;
    const fee = yuan(Math.ceil(length / Number(stay.dataset.step)) * Number(stay.dataset.fen));
    write("[data-stay-sum]", `${length / 60} 小时　${fee}`);
    tell(fee, `${words(starts.value)}–${words(ends.value)}`);
    radios.forEach((radio) => { radio.checked = radio.value.endsWith(`|${starts.value}|${ends.value}`); });
  };
  /* A later start moves the end along, so that a stay is never shorter than the shortest that can be booked. */
  const least = Number(stay.dataset.least);
  const follow = () => {
    if (minutes(ends.value) - minutes(starts.value) >= least) return;
    const later = [...ends.options].find((option) => minutes(option.value) - minutes(starts.value) >= least);
    if (later) ends.value = later.value;
  };
  starts.addEventListener("change", () => { follow(); price(); });
  ends.addEventListener("change", price);
  windows?.addEventListener("change", (event) => {
    [, starts.value, ends.value] = event.target.value.split("|");
    price();
  });
} else {
  windows?.addEventListener("change", (event) => tell(event.target.dataset.fee, event.target.dataset.time));
}
