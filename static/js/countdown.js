/* The hold's minutes in words, and the pause before a code can be sent again. Both only tell: the server decides. */
const hold = document.querySelector("[data-hold]");
if (hold) {
  const words = hold.querySelector("[data-hold-left]");
  const ends = Date.parse(hold.dataset.hold);
  const tell = () => {
    const minutes = Math.ceil((ends - Date.now()) / 60000);
    hold.classList.toggle("hold--over", minutes <= 0);
    words.textContent = minutes > 0 ? `还有 ${minutes} 分钟，慢慢看` : "保留时间到了，请重新选时间";
  };
  tell();
  setInterval(tell, 15000);
}

document.querySelectorAll("[data-resend]").forEach((button) => {
  const label = button.textContent;
  let left = Number(button.dataset.resend);
  const tell = () => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${left} 秒后可重发` : label;
  };
  tell();
  const timer = setInterval(() => {
    left -= 1;
    tell();
    if (left <= 0) clearInterval(timer);
  }, 1000);
});
