// Shows the parts of a view and sends what a reader does; what it means is decided in Python.
const QUIET = 350; // milliseconds after the last move until the full number of draws is asked for
const TYPED = 400; // the same until a form that is typed into is kept

function render({ model, el }) {
  el.classList.add("mca", "mcx");
  el.dataset.lmSuppressShortcuts = "true"; // what the lab has for a key is not meant here
  el.innerHTML = model.get("frame");
  const waiting = new Map(); // what is to be sent, newest last; a newer move takes the place of an older
  const timers = new Map();
  const pages = new Map();
  let busy = false, count = 0;

  function next() {
    if (busy || !waiting.size) return;
    const [key, message] = waiting.entries().next().value;
    waiting.delete(key);
    busy = ++count;
    model.send({ ...message, n: count });
  }

  function send(message, key) {
    const at = key || "e" + Math.random();
    waiting.delete(at);
    waiting.set(at, message);
    next();
  }

  function later(key, wait, act) {
    clearTimeout(timers.get(key)?.timer);
    timers.set(key, { act, timer: setTimeout(() => { timers.delete(key); act(); }, wait) });
  }

  function flush() {
    for (const { act, timer } of [...timers.values()]) { clearTimeout(timer); act(); }
    timers.clear();
  }

  const viewOf = (node) => node.closest("[data-view]")?.dataset.view || "";

  function fields(form) {
    const found = {};
    for (const [name, value] of new FormData(form)) {
      found[name] = name in found ? found[name] + ";" + value : value;
    }
    return found;
  }

  function put(name, html) {
    const place = el.querySelector(`[data-part="${name}"]`);
    if (!place) return;
    const held = place.contains(document.activeElement) ? document.activeElement : null;
    const id = held && held.id, at = held && held.selectionStart;
    const open = [...place.querySelectorAll("details[open][id]")].map((d) => d.id);
    const tops = [...place.querySelectorAll(".scroll")].map((s) => [s.scrollLeft, s.scrollTop]);
    place.innerHTML = html;
    place.hidden = !html;
    for (const d of open) {
      const again = place.querySelector("#" + CSS.escape(d));
      if (again) again.open = true;
    }
    place.querySelectorAll(".scroll").forEach((s, i) => {
      if (tops[i]) [s.scrollLeft, s.scrollTop] = tops[i];
    });
    finish(place);
    if (!held) return;
    const again = id && place.querySelector("#" + CSS.escape(id));
    const goal = again || place.querySelector("[data-focus]") || place.closest("[data-view]");
    if (goal) {
      if (!again && !goal.matches("a,button,input,select,textarea")) goal.tabIndex = -1;
      goal.focus({ preventScroll: true });
      if (again && at != null) try { again.setSelectionRange(at, at); } catch { /* not a text */ }
    }
  }

  // What markup alone cannot say: links leave by a new tab, the arrows walk a grid, pages are blobs.
  function finish(place) {
    for (const a of place.querySelectorAll('a[href^="http"]')) { a.target = "_blank"; a.rel = "noopener noreferrer"; }
    for (const a of place.querySelectorAll('a[href^="../"]')) a.removeAttribute("href"); // pages of a site
    for (const grid of place.querySelectorAll("[data-grid]")) {
      const cells = [...grid.querySelectorAll("button")];
      const on = cells.find((c) => c.id === grid.dataset.grid) || cells[0];
      for (const c of cells) c.tabIndex = c === on ? 0 : -1;
    }
    for (const a of place.querySelectorAll("a[data-page]")) {
      const url = pages.get(a.dataset.page);
      if (url) a.href = url;
      else send({ view: viewOf(a), do: "page", value: a.dataset.page }, "page " + a.dataset.page);
    }
  }

  function got(message, buffers) {
    for (const [name, html] of Object.entries(message.parts || {})) {
      model.get("parts")[name] = html;
      put(name, html);
    }
    for (const [id, [said, spoken]] of Object.entries(message.beside || {})) {
      const input = el.querySelector("#" + CSS.escape(id));
      if (!input) continue;
      input.setAttribute("aria-valuetext", spoken);
      input.nextElementSibling.textContent = said;
    }
    if (message.page) {
      pages.set(message.page, URL.createObjectURL(new Blob(buffers, { type: "text/html" })));
      for (const a of el.querySelectorAll("a[data-page]")) a.href = pages.get(a.dataset.page) || "";
    }
    if (message.focus) {
      const goal = el.querySelector(message.focus);
      if (goal) { goal.focus(); goal.scrollIntoView({ block: "nearest" }); }
    }
    if (message.done && message.done === busy) { busy = false; next(); }
  }

  function moved(event) {
    const node = event.target, form = node.closest("form[data-form]");
    if (node.dataset.do) {
      const said = { view: viewOf(node), do: node.dataset.do, name: node.name, value: node.type === "checkbox" ? node.checked : node.value };
      if (node.type !== "range") return event.type === "change" ? send(said) : undefined;
      if (event.type !== "input") return;
      send({ ...said, live: true }, `${said.view} ${node.name}`);
      later(`rest ${said.view}`, QUIET, () => send({ view: said.view, do: "rest" }, `rest ${said.view}`));
    } else if (form) {
      const act = () => send({ view: viewOf(form), do: "typing", name: form.dataset.form, form: fields(form) }, `typing ${form.dataset.form}`);
      if (event.type === "change") { clearTimeout(timers.get(form.dataset.form)?.timer); timers.delete(form.dataset.form); act(); }
      else later(form.dataset.form, TYPED, act);
    }
  }

  el.addEventListener("input", moved);
  el.addEventListener("change", moved);
  el.addEventListener("submit", (event) => {
    event.preventDefault();
    flush();
    const form = event.target, by = event.submitter;
    send({ view: viewOf(form), do: by?.dataset.act || form.dataset.act, name: form.dataset.form, value: by?.value || "", form: fields(form) });
  });
  el.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && el.contains(link)) {
      event.preventDefault();
      const goal = el.querySelector("#" + CSS.escape(link.getAttribute("href").slice(1)));
      if (!goal) return;
      for (let d = goal.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
      goal.tabIndex = -1;
      goal.focus();
      goal.scrollIntoView({ block: "nearest" });
      return;
    }
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    if (button.getAttribute("role") === "tab") return tab(button);
    flush();
    send({ view: viewOf(button), do: button.dataset.do, name: button.name, value: button.value });
  });

  function tab(button) {
    for (const other of button.parentElement.children) {
      const on = other === button;
      other.setAttribute("aria-selected", on);
      other.tabIndex = on ? 0 : -1;
      el.querySelector("#" + CSS.escape(other.getAttribute("aria-controls"))).hidden = !on;
    }
    button.focus();
    send({ view: "", do: "open", value: button.value });
  }

  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  // Nor is a key meant for what stands around the view: shortcuts of the notebook listen at the
  // document and would take the arrows, so they are met before they get there.
  const keys = (event) => {
    if (!el.contains(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    const node = event.target, step = STEPS[event.key];
    if (node.getAttribute("role") === "tab" && (step?.[1] || event.key === "Home" || event.key === "End")) {
      const all = [...node.parentElement.children], at = all.indexOf(node);
      const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : (at + step[1] + all.length) % all.length;
      event.preventDefault();
      tab(all[to]);
    }
    const grid = node.closest("[data-grid]");
    if (grid && step && node.matches("button")) {
      event.preventDefault();
      const cell = node.closest("td"), row = cell.parentElement, at = [...row.children].indexOf(cell) + step[1];
      let line = row;
      do line = step[0] < 0 ? line.previousElementSibling : step[0] > 0 ? line.nextElementSibling : line;
      while (line && step[0] && !line.querySelector("button"));
      const goal = line?.children[at]?.querySelector("button");
      if (goal) { node.tabIndex = -1; goal.tabIndex = 0; goal.focus(); }
    }
  };
  addEventListener("keydown", keys, true);
  for (const kind of ["keyup", "keypress"]) el.addEventListener(kind, (event) => event.stopPropagation());

  for (const [name, html] of Object.entries(model.get("parts"))) put(name, html);
  model.on("msg:custom", got);
  addEventListener("pagehide", flush);
  return () => {
    flush();
    model.off("msg:custom", got);
    removeEventListener("pagehide", flush);
    removeEventListener("keydown", keys, true);
    for (const url of pages.values()) URL.revokeObjectURL(url);
  };
}

export default { render };
