// `npm ci && npm run build`: one file for the browser, the licences of all that is in it, and what it was built from.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OUT = "../dist";
const SOURCES = ["build.mjs", "package.json", "package-lock.json", ...readdirSync("src").map((name) => `src/${name}`)];

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const packageOf = (path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];

function describeLicence(name) {
  const folder = join("node_modules", name);
  const { version, license, author, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const source = repository?.url ?? repository ?? author?.name ?? author ?? "";
  // Some packages of a monorepo come without the text; the line then says where it stands.
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence ${license}; its text stands in ${source}`;
  return `${name} ${version} (${license})\n${"-".repeat(78)}\n${text}\n`;
}

mkdirSync(OUT, { recursive: true });
const result = await build({
  entryPoints: ["src/main.js"],
  outfile: `${OUT}/viewer.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  loader: { ".css": "text" },
  alias: { xmlbuilder2: "./src/unused.js" },
  logLevel: "warning",
});

const inputs = Object.values(result.metafile.outputs)[0].inputs;
const packages = [...new Set(Object.keys(inputs).map(packageOf).filter(Boolean))].filter((name) =>
  existsSync(join("node_modules", name, "package.json")),
);
const refused = packages.filter((name) =>
  /GPL/.test(JSON.stringify(JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")).license ?? "")),
);
if (refused.length) throw new Error(`These packages' licences do not fit: ${refused}`);
writeFileSync(`${OUT}/LICENSES.txt`, packages.sort().map(describeLicence).join("\n\n"));
const built = {
  sources: Object.fromEntries(SOURCES.sort().map((path) => [path, sha256(readFileSync(path))])),
  bundle_sha256: sha256(readFileSync(`${OUT}/viewer.js`)),
};
writeFileSync(`${OUT}/built-from.json`, `${JSON.stringify(built, null, 2)}\n`);
