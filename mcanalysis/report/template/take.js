// What a reader takes along: tables as CSV, charts as SVG and PNG, citations. All words are the page's own.
(() => {
  "use strict";
  const words = document.getElementById("take");
  if (!words) return;
  const [BUTTONS, COPY] = words.content.children;
  const UNHEARD = "[aria-hidden=true], .ax, svg, script, style, template, button";

  // The same rules as in reading.py: what is heard, words apart, marks of sources in a column of their own.
  function read(element) {
    const said = [], marks = [];
    (function walk(node) {
      for (const child of node.childNodes) {
        if (child.nodeType === 3) said.push(child.data);
        else if (child.nodeType !== 1 || child.matches(UNHEARD)) continue;
        else if (child.matches("a.src")) {
          const [mark] = child.textContent.match(/\d+$/) || [];
          if (mark && !marks.includes(mark)) marks.push(mark);
        } else walk(child);
      }
    })(element);
    const text = said.join(" ").split(/\s+/).filter(Boolean).join(" ");
    return { text: text.replace(/([([])\s+/g, "$1").replace(/\s+([,.;:%)\]])/g, "$1"), marks };
  }

  function cells(row) {
    return [...row.cells].flatMap((cell) => [read(cell), ...Array(Math.min(cell.colSpan, 100) - 1)
      .fill({ text: "", marks: [] })]);
  }

  function rowsOf(table) {
    const head = table.tHead ? cells([...table.tHead.rows].pop()) : [];
    const rows = [...table.rows].filter((row) => row.parentNode !== table.tHead).map(cells);
    const width = Math.max(head.length, ...rows.map((row) => row.length));
    const kept = [...Array(width).keys()].filter((c) => rows.some((row) => row[c]?.text));
    const cited = rows.map((row) => [...new Set(row.flatMap((cell) => cell.marks))].join("; "));
    const more = cited.some(Boolean);
    const names = kept.map((c) => head[c]?.text || (c ? words.dataset.words : ""));
    return [
      [...names, ...(more ? [words.dataset.sources] : [])],
      ...rows.map((row, i) => [...kept.map((c) => row[c]?.text || ""), ...(more ? [cited[i]] : [])]),
    ];
  }

  // A number is written as programs read it; what a spreadsheet would take for a formula stays text.
  function field(text) {
    const comma = document.documentElement.lang !== "en"; // of decimals
    const plain = comma ? text.replace(".", "x").replace(",", ".") : text;
    if (/\d/.test(plain) && /^[-−+]?(0|[1-9]\d{0,14})?(\.\d{1,14})?%?$/.test(plain)) {
      text = plain.replace("−", "-").replace(/^\+/, "");
    } else if (/^[=+\-@\t\r＝＋－＠]/.test(text)) text = "'" + text;
    return '"' + text.replaceAll('"', '""') + '"';
  }

  function save(name, ending, kind, ...content) {
    const link = document.createElement("a");
    const slug = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/[^a-z0-9]+/g, "-").slice(0, 50).replace(/^-|-$/g, "");
    link.download = [words.dataset.name, slug].filter(Boolean).join("-") + "." + ending;
    link.href = URL.createObjectURL(new Blob(content, { type: kind }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  function lines(text, most) {
    const found = [""];
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const last = found[found.length - 1];
      if (last && last.length + word.length >= most) found.push(word);
      else found[found.length - 1] = last ? last + " " + word : word;
    }
    return found.filter(Boolean).map(escaped);
  }

  // What a page in one file has inside is packed.
  async function unpacked({ type, textContent }) {
    if (type !== "application/gzip") return textContent;
    const bytes = Uint8Array.from(atob(textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  // The chart as it stands alone: light, on white, under its title.
  async function picture(place, title, subtitle, kind) {
    const script = document.querySelector('script.spec[data-for="' + CSS.escape(place.id) + '"]');
    const { data, layout } = JSON.parse(await unpacked(script));
    const width = Math.min(layout.meta?.widest || 900, 900);
    const above = [
      ...lines(title, width / 10.5).map((line) => "<b>" + line + "</b>"),
      ...lines(subtitle, width / 7.8).map((line) => "<span style='font-size:13px'>" + line + "</span>"),
    ];
    const added = 22 * above.length + 24, height = layout.height + added;
    const whole = {
      ...layout, width, height, paper_bgcolor: "#ffffff",
      margin: { ...layout.margin, t: (layout.margin?.t || 0) + added },
      title: { text: above.join("<br>"), x: 0, xref: "container", xanchor: "left", y: 1,
        yref: "container", yanchor: "top", pad: { l: 8, t: 20 }, font: { size: 16 } },
    };
    delete whole.meta;
    const made = await Plotly.toImage({ data, layout: whole },
      { format: kind, width, height, scale: kind === "png" ? 2 : 1, imageDataOnly: true });
    if (kind === "png") {
      save(title, kind, "image/png", Uint8Array.from(atob(made), (c) => c.charCodeAt(0)));
    } else {
      const told = "<title>" + escaped(title) + "</title><desc>" +
        escaped(place.getAttribute("aria-label") || "") + "</desc>";
      save(title, kind, "image/svg+xml", made.replace(/<svg[^>]*>/, (open) => open + told));
    }
  }

  // The SWOT board: one row for each factor, as in the workbook.
  function rowsOfBoard(board, head, sides) {
    const letters = ["S", "W", "O", "T"];
    const rows = [...board.querySelectorAll(".quad [data-factor]")].map((item) => {
      const said = item.cloneNode(true), meta = said.querySelector(".meta");
      const dimension = meta.querySelector(".dim"), quad = item.closest(".quad").classList;
      meta.remove();
      dimension?.remove();
      const found = [said, dimension, meta].map((part) => part ? read(part) : { text: "", marks: [] });
      const marks = [...new Set(found.flatMap((part) => part.marks))].join("; ");
      const side = sides[letters.findIndex((letter) => quad.contains(letter))];
      return [item.dataset.factor, side, ...found.map((part) => part.text), marks];
    });
    return [head, ...rows];
  }

  function offer(after, title, rows, place, subtitle) {
    const bar = BUTTONS.cloneNode(true);
    for (const button of bar.querySelectorAll("button")) {
      const kind = button.dataset.as;
      if (kind !== "csv" && !place) { button.remove(); continue; }
      button.setAttribute("aria-label", words.dataset[kind].replace("{title}", () => title));
      button.addEventListener("click", () => {
        if (kind === "csv") {
          const text = rows().map((row) => row.map(field).join(",") + "\r\n").join("");
          save(title, kind, "text/csv;charset=utf-8", "\ufeff", text);
        } else picture(place, title, read(subtitle).text, kind);
      });
    }
    after.after(bar);
  }

  for (const table of document.querySelectorAll("main table:not(.mini)")) {
    if (table.closest("#how-it-was-made")) continue;
    const figure = table.closest("figure"), place = table.closest(".chart")?.querySelector(".plot");
    const told = place && figure.querySelector(".ft") || table.caption || figure?.querySelector(".ft");
    const after = place ? table.closest("details.data") || table : table.closest(".scroll") || table;
    offer(after, told ? read(told).text : "", () => rowsOf(table), place, figure?.querySelector(".fs"));
  }
  for (const board of document.querySelectorAll(".board")) {
    if (!board.querySelector("[data-factor]")) continue;
    const [title, ...head] = words.dataset.factors.split("|"), sides = words.dataset.sides.split("|");
    offer(board, title, () => rowsOfBoard(board, head, sides));
  }

  const address = location.protocol.startsWith("http") ? location.origin + location.pathname : "";
  for (const here of document.querySelectorAll(".here")) {
    if (address) here.textContent = here.dataset.form.replace("%", () => address);
  }
  for (const cite of document.querySelectorAll("#data-and-citation .cite")) {
    const bar = COPY.cloneNode(true), [button, status] = bar.children;
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(cite.textContent); } catch {
        getSelection().selectAllChildren(cite);
        document.execCommand("copy");
      }
      status.textContent = words.dataset.copied;
    });
    cite.after(bar);
  }
})();
