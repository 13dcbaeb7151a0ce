// Search as you type: cards and rows that do not hold every word typed are put away.
(() => {
  "use strict";
  const field = document.getElementById("q");
  const said = document.getElementById("found");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const items = [...document.querySelectorAll(".card, .reps tbody tr")].map((element) => ({
    element, text: fold(element.textContent + " " + (element.dataset.find || "")),
  }));
  const regions = [...document.querySelectorAll(".region")];
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = items.find((i) => !i.element.hidden && i.element.querySelector("a"));
    if (field.value.trim() && first) location.href = first.element.querySelector("a").href;
  });
  field.addEventListener("input", () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, text } of items) {
      element.hidden = !words.every((word) => text.includes(word));
      if (!element.hidden && element.matches(".card")) shown += 1;
    }
    for (const region of regions) region.hidden = !region.querySelector(".card:not([hidden])");
    said.textContent = words.length ? (shown === 1 ? "One system" : shown + " systems") + " found" : "";
  });
})();
