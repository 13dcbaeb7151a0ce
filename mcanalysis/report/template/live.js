// The reader's own priorities: the order of the systems follows the sliders, the address keeps them.
(() => {
  "use strict";
  const live = document.getElementById("live");
  if (!live) return;
  const { presets, systems, named, says } = JSON.parse(document.getElementById("live-data").textContent);
  const sliders = [...live.querySelectorAll("input[type=range]")];
  const starts = [...live.querySelectorAll("[name=preset]")];
  const body = live.querySelector("tbody"), told = document.getElementById("live-said");
  const KEY = "#priorities=";
  const percent = (share) => says.percent.replace("{n}", Math.round(100 * share));
  const values = () => sliders.map((s) => Number(s.value));

  function index(levels, weights) {
    let sum = 0, total = 0;
    levels.forEach((level, i) => {
      if (level !== null) { sum += weights[i] * level; total += weights[i]; }
    });
    return total ? sum / (3 * total) : null; // one division of whole numbers: equal is equal
  }

  // Halves go to the even digit, as in the tables that the library writes.
  function twoDigits(value) {
    const down = Math.floor(100 * value);
    const half = 100 * value - down;
    const whole = half > 0.5 || (half === 0.5 && down % 2) ? down + 1 : down;
    return (whole / 100).toFixed(2).replace(".", says.point);
  }

  function order(weights) {
    const found = systems.map((s) => ({ ...s, value: index(s.levels, weights) }));
    found.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
    const rank = (v) => 1 + found.filter((s) => (s.value ?? -1) > (v ?? -1)).length;
    return found.map((s) => ({ ...s, rank: s.value === null ? null : rank(s.value) }));
  }

  function update() {
    const weights = values(), total = weights.reduce((a, b) => a + b, 0);
    sliders.forEach((s, i) => {
      const share = total ? percent(weights[i] / total) : "–";
      s.parentNode.querySelector("output").textContent = share;
      s.setAttribute("aria-valuetext", share);
    });
    starts.forEach((s) => { s.checked = String(presets[s.value]) === String(weights); });
    const found = order(weights);
    [...body.rows].forEach((row, i) => {
      const { name, span, value, rank } = found[i];
      const [place, who, bar, number, interval] = row.cells;
      place.textContent = rank ?? "–";
      who.textContent = name;
      bar.firstElementChild.style.setProperty("--v", 100 * (value ?? 0));
      number.textContent = value === null ? "–" : twoDigits(value);
      interval.textContent = span;
    });
    return found;
  }

  function say(found, unread) {
    const front = found.filter((s) => s.rank !== null && s.rank <= 3).slice(0, named);
    const filled = says.front
      .replace("{places}", () => front.map((s) => `${s.name} (${s.rank})`).join(", "))
      .replace("{shares}", () => front.map((s) => `${s.name} ${s.first}`).join(", "));
    told.textContent = (front.length ? filled : says.none) + (unread ? " " + says.unread : "");
  }

  // Only what is not in the middle is written; the address without a setting is the neutral one.
  const middle = (slider) => (Number(slider.min) + Number(slider.max)) / 2;
  const dimension = (slider) => slider.id.slice(2);

  function address() {
    const moved = sliders.filter((s) => Number(s.value) !== middle(s));
    const setting = moved.map((s) => `${encodeURIComponent(dimension(s))}:${s.value}`).join(",");
    return location.href.split("#")[0] + (setting && KEY + setting);
  }

  // Sets the sliders; false if a part is of no dimension here or no position of its slider.
  function read(setting) {
    const known = new Map(sliders.map((s) => [encodeURIComponent(dimension(s)), s]));
    for (const s of sliders) s.value = middle(s);
    return setting.split(",").filter(Boolean).reduce((all, part) => {
      const [, name, value] = part.match(/^(.+):(\d+)$/) || [];
      const slider = known.get(name);
      if (!slider || Number(value) > Number(slider.max)) return false;
      slider.value = value;
      return all;
    }, true);
  }

  function arrive() {
    if (!location.hash.startsWith(KEY)) return;
    const whole = read(location.hash.slice(KEY.length));
    say(update(), !whole);
    (live.closest("section") || live).scrollIntoView();
  }

  let waiting = 0;
  live.addEventListener("input", ({ target }) => {
    if (target.name === "preset") presets[target.value].forEach((v, i) => { sliders[i].value = v; });
    const found = update();
    clearTimeout(waiting); // a slider that is drawn along is neither read out nor noted at each step
    waiting = setTimeout(() => { say(found); history.replaceState(null, "", address()); }, 300);
  });
  live.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", arrive);
  arrive();
})();
