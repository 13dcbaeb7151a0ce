// Builds plotly.js with just the chart kinds in use: npm ci && npm run build
import { createRequire } from "node:module";
import { readFile, writeFile } from "node:fs/promises";
import { gzipAsync } from "@gfx/zopfli";
import { parse } from "acorn";
import { simple } from "acorn-walk";
import { build } from "esbuild";

const KINDS = ["bar", "heatmap", "scatter"];
const PLACE = new URL("../../mcanalysis/report/template/plotly.min.js.gz", import.meta.url);
const { version } = createRequire(import.meta.url)("plotly.js/package.json");

// Attributes describe themselves for plotly's reference pages; nothing reads that in a browser.
function withoutDescriptions(text) {
  const found = [];
  simple(parse(text, { ecmaVersion: "latest" }), {
    Property({ key, value }) {
      const said = value.type === "Literal" || value.type === "BinaryExpression"
        || (value.type === "CallExpression" && value.callee.property?.name === "join");
      if ((key.name ?? key.value) === "description" && said) found.push(value);
    },
  });
  found.sort((one, other) => other.start - one.start);
  for (const { start, end } of found) text = text.slice(0, start) + '""' + text.slice(end);
  return text;
}

const shorter = {
  name: "shorter",
  setup({ onLoad }) {
    onLoad({ filter: /plotly\.js[/\\]src[/\\].*\.js$/ }, async ({ path }) => ({
      contents: withoutDescriptions(await readFile(path, "utf8")),
    }));
  },
};

const { outputFiles: [made] } = await build({
  stdin: {
    contents: `const Plotly = require("plotly.js/lib/core");
      Plotly.register([${KINDS.map((kind) => `require("plotly.js/lib/${kind}")`)}]);
      module.exports = Plotly;`,
    resolveDir: ".",
  },
  bundle: true, minify: true, write: false, plugins: [shorter],
  format: "iife", globalName: "Plotly", target: "es2022", define: { global: "window" },
  loader: { ".css": "empty" }, // of maps
  legalComments: "eof",
  banner: { js: `/*! plotly.js ${version}: ${KINDS.join(" ")}. Copyright Plotly, Inc. MIT licence. */` },
});
if (/<\/script/i.test(made.text)) throw new Error("The bundle would end the script that holds it.");
const packed = await gzipAsync(made.contents, { numiterations: 15 }); // 4 % below zlib's best
await writeFile(PLACE, packed);
console.log(`plotly.js ${version}: ${made.contents.length} bytes, ${packed.length} packed`);
