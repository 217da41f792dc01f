// Builds app/static/dist: bundles with hashed names, one icon sprite, and the manifest that `asset()` and `icon()` read.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const out = "app/static/dist";
const entries = ["app.js", "calendar.js", "timeline.js", "charts.js"].map((name) => `assets/js/${name}`);

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const { metafile } = await build({
  entryPoints: [...entries, "assets/css/app.css", "assets/favicon.svg"],
  loader: { ".svg": "copy" },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  legalComments: "linked",
  logLevel: "warning",
});

const files = {};
for (const [path, built] of Object.entries(metafile.outputs)) {
  if (!built.entryPoint) continue;
  files[basename(built.entryPoint)] = basename(path);
  // An entry that imports style sheets yields a bundle of its own beside the script.
  if (built.cssBundle) files[basename(built.entryPoint, ".js") + ".css"] = basename(built.cssBundle);
}

const icons = (await readFile("assets/icons.txt", "utf8")).split(/\s+/).filter(Boolean);
const symbols = await Promise.all(icons.map(symbol));
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler Icons, MIT licence, https://tabler.io/icons -->\n${symbols.join("\n")}\n</svg>\n`;
const hash = createHash("sha256").update(sprite).digest("hex").slice(0, 8);
files["icons.svg"] = `icons-${hash}.svg`;
await writeFile(`${out}/${files["icons.svg"]}`, sprite);
await writeFile(`${out}/manifest.json`, JSON.stringify({ files, icons }, null, 1));

async function symbol(name) {
  const filled = name.endsWith("-filled");
  const file = filled ? `filled/${name.slice(0, -"-filled".length)}` : `outline/${name}`;
  const svg = await readFile(`node_modules/@tabler/icons/icons/${file}.svg`, "utf8").catch(() => {
    throw new Error(`assets/icons.txt names "${name}", which Tabler Icons does not have`);
  });
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const paint = filled
    ? 'fill="currentColor" stroke="none"'
    : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}
