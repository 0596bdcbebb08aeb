// Adds to package-lock.json the platform packages that npm left out.
//
// npm drops an optional dependency from the lock file when the registry in use cannot resolve it, and `npm ci`
// then refuses that lock file on every machine. What npm would have written is known without the registry: an
// exact version from the parent's optionalDependencies, and os, cpu and libc from the package's name.
//
// Run it after changing dependencies: node scripts/complete-lock.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const OPERATING_SYSTEMS = ["darwin", "linux", "win32", "freebsd", "android", "openharmony"];
const PROCESSORS = { amd64: "x64", x64: "x64", arm64: "arm64", arm: "arm", ia32: "ia32" };

/**
 * The optional dependencies that the lock file names but does not hold.
 *
 * @param {{ packages: Record<string, { optionalDependencies?: Record<string, string> | undefined, dev?: boolean | undefined }> }} lock
 * @returns {{ name: string, version: string, dev: boolean }[]}
 */
export function missingPlatformPackages(lock) {
  const missing = new Map();
  for (const entry of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const held = Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`));
      if (!held) missing.set(name, { name, version, dev: entry.dev === true });
    }
  }
  return [...missing.values()];
}

/** The lock file's entry for one platform package, or undefined when its name or version does not say enough. */
export function platformEntry({ name, version, dev }) {
  const words = name.split("/").at(-1).split("-");
  const os = words.find((word) => OPERATING_SYSTEMS.includes(word));
  const cpu = words.map((word) => PROCESSORS[word]).find(Boolean);
  if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version)) return undefined;
  const libc = words.includes("musl") ? "musl" : words.includes("gnu") && os === "linux" ? "glibc" : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev && { dev }),
    ...(libc && { libc: [libc] }),
    optional: true,
    os: [os],
  };
}

/**
 * The same lock file with every platform package that could be worked out, paths in npm's order.
 *
 * @template {{ packages: Record<string, object> }} Lock
 * @param {Lock} lock
 * @returns {Lock}
 */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  for (const wanted of missingPlatformPackages(lock)) {
    const entry = platformEntry(wanted);
    if (entry) packages[`node_modules/${wanted.name}`] = entry;
  }
  const paths = Object.keys(packages).sort((a, b) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(paths.map((path) => [path, packages[path]])) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL("../package-lock.json", import.meta.url);
  const before = JSON.parse(readFileSync(file, "utf8"));
  const after = completeLock(before);
  writeFileSync(file, `${JSON.stringify(after, null, 2)}\n`);
  const added = Object.keys(after.packages).length - Object.keys(before.packages).length;
  console.log(added === 0 ? "package-lock.json was complete" : `package-lock.json: ${added} platform packages added`);
}
