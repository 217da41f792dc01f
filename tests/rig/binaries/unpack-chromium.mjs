// Unpacks the Chromium of the npm package into a folder of the checkout: the browser, its renderer and its libraries.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const packed = "node_modules/@sparticuz/chromium/bin";
const target = process.argv[2];

mkdirSync(target, { recursive: true });
for (const archive of ["al2023", "swiftshader"]) {
  execFileSync("tar", ["-x", "-C", target], { input: brotliDecompressSync(readFileSync(join(packed, `${archive}.tar.br`))) });
}
// Last, because its presence says that all is there.
writeFileSync(join(target, "chromium"), brotliDecompressSync(readFileSync(join(packed, "chromium.br"))));
chmodSync(join(target, "chromium"), 0o755);
