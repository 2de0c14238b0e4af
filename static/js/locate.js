/* 「我的位置」 in a list of places: asks the browser only when chosen, to three decimals (about 100 m). */
document.querySelectorAll("select[data-locate]").forEach((select) => {
  if (!("geolocation" in navigator)) return;
  const option = new Option(select.dataset.locate, "here");
  select.add(option, 1);
  const refused = select.parentElement.querySelector("[data-locate-refused]");
  select.addEventListener("change", () => {
    refused.hidden = true;
    if (select.value !== "here") return;
    navigator.geolocation.getCurrentPosition(
      (place) => {
        option.value = `${place.coords.latitude.toFixed(3)},${place.coords.longitude.toFixed(3)}`;
        select.value = option.value;
      },
      () => {
        select.value = "";
        refused.hidden = false;
      },
      { maximumAge: 600000, timeout: 8000 },
    );
  });
});
