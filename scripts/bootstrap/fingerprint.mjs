import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A hash over the names and contents of files and folders; what does not exist counts as absent, not as an error. */
export function fingerprint(root, paths, ...facts) {
  const hash = createHash("sha256");
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const path of [...paths].sort()) add(hash, root, path);
  return hash.digest("hex");
}

function add(hash, root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return;
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) {
      if (name !== "node_modules" && name !== "dist") add(hash, root, `${path}/${name}`);
    }
    return;
  }
  const content = readFileSync(full);
  hash.update(`${path}\0${content.length}\0`).update(content);
}
