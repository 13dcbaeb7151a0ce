// Draws the charts of a page in its colours and at its width; again when either changes, and for print.
(() => {
  "use strict";
  const COLOURS = __COLOURS__;
  const TIGHT = 800, NARROW = 560; // a tablet or paper, a phone
  const charts = [];

  function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  // Colours of a specification are those of the light page; each is exchanged for the page's own.
  // A value that is a colour is one; a text that holds the letters of a colour is a text.
  function themed(text) {
    const now = new Map(Object.entries(COLOURS).map(([n, light]) => [light, css("--" + n) || light]));
    return JSON.parse(text, (_, value) => now.get(value) ?? value);
  }

  function merged(base, over) {
    const result = { ...base };
    for (const [key, value] of Object.entries(over)) {
      const plain = value && typeof value === "object" && !Array.isArray(value);
      result[key] = plain ? merged(base[key] || {}, value) : value;
    }
    return result;
  }

  function draw(chart, width) {
    const spec = themed(chart.text);
    const { tight, narrow, widest } = spec.layout.meta || {};
    let layout = { ...spec.layout, width: Math.min(width, widest || width) };
    if (tight && width < TIGHT) layout = merged(layout, tight);
    if (narrow && width < NARROW) layout = merged(layout, narrow);
    delete layout.meta;
    chart.width = width;
    const calm = { displayModeBar: false, responsive: false, staticPlot: false };
    return Plotly.react(chart.place, spec.data, layout, calm).then(() => {
      // The text alternative speaks for the picture: its parts are not read out one by one.
      for (const svg of chart.place.querySelectorAll("svg")) svg.setAttribute("aria-hidden", "true");
      chart.place.style.minHeight = "";
      chart.place.dataset.drawn = "yes";
    });
  }

  function drawAll() {
    for (const chart of charts) draw(chart, chart.place.clientWidth);
  }

  function start() {
    for (const script of document.querySelectorAll("script.spec")) {
      const place = document.getElementById(script.dataset.for);
      if (place) charts.push({ place, text: script.textContent, width: 0 });
    }
    drawAll();
    let waiting = 0;
    addEventListener("resize", () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        for (const chart of charts) {
          const width = chart.place.clientWidth;
          if (width && width !== chart.width) draw(chart, width);
        }
      });
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    matchMedia("print").addEventListener("change", drawAll);
    // Factors that are folded by dimension are read on paper, too.
    const folded = [...document.querySelectorAll(".board .by:not([open])")];
    addEventListener("beforeprint", () => { for (const part of folded) part.open = true; });
    addEventListener("afterprint", () => { for (const part of folded) part.open = false; });
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();

// The reader's own priorities: the order of the systems follows the sliders.
(() => {
  "use strict";
  const live = document.getElementById("live");
  if (!live) return;
  const { presets, systems } = JSON.parse(document.getElementById("live-data").textContent);
  const sliders = [...live.querySelectorAll("input[type=range]")];
  const body = live.querySelector("tbody");

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
    return ((half > 0.5 || (half === 0.5 && down % 2) ? down + 1 : down) / 100).toFixed(2);
  }

  function update() {
    const weights = sliders.map((s) => Number(s.value));
    const total = weights.reduce((a, b) => a + b, 0);
    sliders.forEach((s, i) => {
      const share = total ? Math.round(100 * weights[i] / total) + "%" : "–";
      s.parentNode.querySelector("output").textContent = share;
      s.setAttribute("aria-valuetext", share);
    });
    const found = systems.map((s) => ({ ...s, value: index(s.levels, weights) }));
    found.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
    [...body.rows].forEach((row, i) => {
      const { name, span, value } = found[i];
      const rank = 1 + found.filter((s) => (s.value ?? -1) > (value ?? -1)).length;
      const [place, who, bar, number, interval] = row.cells;
      place.textContent = value === null ? "–" : rank;
      who.textContent = name;
      bar.firstElementChild.style.setProperty("--v", 100 * (value ?? 0));
      number.textContent = value === null ? "–" : twoDigits(value);
      interval.textContent = span;
    });
  }

  live.addEventListener("input", (event) => {
    if (event.target.name === "preset") {
      presets[event.target.value].forEach((v, i) => { sliders[i].value = v; });
    } else {
      for (const r of live.querySelectorAll("[name=preset]")) r.checked = false;
    }
    update();
  });
})();
