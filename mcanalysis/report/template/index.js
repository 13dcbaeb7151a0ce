// Search as you type: what has no word that begins as each word typed is put away.
(() => {
  "use strict";
  const field = document.getElementById("q");
  const said = document.getElementById("found");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  // Of a card the name, the id and the lines on it count; not the list of all levels read aloud.
  const told = (element) => [...element.querySelectorAll("h4, .r, .hl, th, td")]
    .map((part) => part.textContent).concat(element.dataset.find || []).join(" ");
  const items = [...document.querySelectorAll(".card, #reports tbody tr")].map((element) => ({
    element, words: fold(told(element)).split(/[^\p{L}\p{N}-]+/u),
  }));
  const words = __WORDS__;
  const counted = (n, what) => n ? words[what][n === 1 ? 0 : 1].replace("{n}", n) : "";
  const regions = [...document.querySelectorAll(".region")];
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = items.find((i) => !i.element.hidden && i.element.querySelector("a"));
    if (field.value.trim() && first) location.href = first.element.querySelector("a").href;
  });
  field.addEventListener("input", () => {
    const typed = fold(field.value).split(/\s+/).filter(Boolean);
    let cards = 0, rows = 0;
    for (const { element, words } of items) {
      element.hidden = !typed.every((start) => words.some((word) => word.startsWith(start)));
      if (!element.hidden) element.matches(".card") ? cards += 1 : rows += 1;
    }
    for (const region of regions) region.hidden = !region.querySelector(".card:not([hidden])");
    const found = [counted(cards, "system"), counted(rows, "report")].filter(Boolean);
    const [one, other] = found;
    const told = other ? words.both : one ? words.single : words.none;
    said.textContent = typed.length ? told.replace("{one}", one).replace("{other}", other) : "";
  });
})();
