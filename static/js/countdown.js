/* The hold's minutes in words, and the pause before a code can be sent again. Both only tell: the server decides. */
/* Seconds left come from the server and are counted from the moment the page was asked for: a phone's clock may be wrong. */
const hold = document.querySelector("[data-hold-seconds]");
if (hold) {
  const write = (name, text) => { document.querySelector(`[data-hold-${name}]`).textContent = text; };
  const show = (name, shown) => {
    document.querySelectorAll(`[data-hold-${name}]`).forEach((part) => { part.hidden = !shown; });
  };
  let told;
  const tell = () => {
    const minutes = Math.max(0, Math.ceil(Number(hold.dataset.holdSeconds) / 60 - performance.now() / 60000));
    if (minutes === told) return;
    told = minutes;
    hold.classList.toggle("hold--over", minutes === 0);
    if (minutes > 2) {
      write("left", `还有 ${minutes} 分钟，慢慢看`);
    } else if (minutes > 0) {
      write("left", `还剩 ${minutes} 分钟，看好了请确认`);
      if (minutes === 2) write("status", "还剩 2 分钟");
    } else {
      write("title", "保留时间到了");
      write("left", "还想要的话，再留一次就行");
      write("status", "保留时间到了");
      show("act", false);
      show("over", true);
    }
  };
  tell();
  setInterval(tell, 1000);
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
