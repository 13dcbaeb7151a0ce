// Draws the charts of a page in its colours and at its width; again when either changes, and for print.
(() => {
  "use strict";
  const COLOURS = __COLOURS__;
  const TIGHT = 800, NARROW = 560; // a tablet or paper, a phone
  const charts = [], script = document.currentScript;

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
    chart.width = width;
    const spec = themed(chart.text);
    const { tight, narrow, widest } = spec.layout.meta || {};
    let layout = { ...spec.layout, width: Math.min(width, widest || width) };
    if (tight && width < TIGHT) layout = merged(layout, tight);
    if (narrow && width < NARROW) layout = merged(layout, narrow);
    delete layout.meta;
    const calm = { displayModeBar: false, responsive: false, staticPlot: false };
    return Plotly.react(chart.place, spec.data, layout, calm).then(() => {
      // The text alternative speaks for the picture: its parts are not read out one by one.
      for (const svg of chart.place.querySelectorAll("svg")) svg.setAttribute("aria-hidden", "true");
      chart.place.style.minHeight = "";
      chart.place.dataset.drawn = "yes";
    });
  }

  function drawAll() {
    for (const chart of charts) if (chart.place.clientWidth) draw(chart, chart.place.clientWidth);
  }

  // What a page in one file has inside is packed.
  async function content({ type, textContent }) {
    if (type !== "application/gzip") return textContent;
    const bytes = Uint8Array.from(atob(textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  // Beside the page, or inside it.
  async function load() {
    const { plotly } = script.dataset, packed = document.getElementById("plotly");
    const made = document.createElement("script");
    if (!packed) {
      await new Promise((resolve, reject) => {
        Object.assign(made, { src: plotly, onload: resolve, onerror: reject });
        document.head.append(made);
      });
      return;
    }
    made.textContent = await content(packed);
    document.head.append(made);
  }

  // What is in sight comes first; the rest is drawn while nothing else is to be done.
  function drawInTurn() {
    const sight = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) {
        const chart = charts.find((c) => c.place === target);
        if (isIntersecting && !chart.width) draw(chart, target.clientWidth);
      }
    });
    for (const chart of charts) sight.observe(chart.place);
    const later = window.requestIdleCallback || ((act) => setTimeout(act, 20));
    const next = () => {
      const chart = charts.find((c) => !c.width && c.place.clientWidth);
      if (!chart) return;
      later(next, { timeout: 100 });
      draw(chart, chart.place.clientWidth);
    };
    later(next, { timeout: 100 });
  }

  function follow() {
    let waiting = 0;
    const sizes = new ResizeObserver(() => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        for (const chart of charts) {
          const width = chart.place.clientWidth;
          if (width && chart.width && width !== chart.width) draw(chart, width);
        }
      });
    });
    for (const chart of charts) sizes.observe(chart.place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    matchMedia("print").addEventListener("change", drawAll);
    // Factors that are folded by dimension are read on paper, too.
    const folded = [...document.querySelectorAll(".board .by:not([open])")];
    addEventListener("beforeprint", () => { for (const part of folded) part.open = true; });
    addEventListener("afterprint", () => { for (const part of folded) part.open = false; });
  }

  async function prepare() {
    for (const spec of document.querySelectorAll("script.spec")) {
      const place = document.getElementById(spec.dataset.for);
      if (place) charts.push({ place, text: await content(spec), width: 0 });
    }
    return load();
  }

  function start() {
    prepare().then(() => { drawInTurn(); follow(); }, () => {
      for (const { place } of charts) {
        place.textContent = script.dataset.lost;
        place.style.minHeight = "";
        place.parentNode.querySelector("details.data").open = true;
      }
    });
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
