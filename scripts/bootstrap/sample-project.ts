import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a finished run of the bootstrap left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until the output, standard output first, contains the text; gives the output so far. */
  seen(text: string): Promise<string>;
}

export interface StartOptions {
  /** What to run, before the arguments. */
  readonly program?: readonly string[];
  /** Whether it leads a process group of its own, as a terminal's foreground job does. */
  readonly detached?: boolean;
}

/**
 * A small project in a folder of its own that is set up by this project's real bootstrap: one linked package, one build
 * step (`in.txt` → `out.txt`), and commands that show how they were run.
 */
export class SampleProject {
  readonly root: string;
  readonly #engines: string;

  constructor({ engines = ">=18.0.0", parent = tmpdir() }: { engines?: string; parent?: string } = {}) {
    this.root = mkdtempSync(join(parent, "mandate-bootstrap-"));
    const scripts = fileURLToPath(new URL("..", import.meta.url));
    cpSync(join(scripts, "bootstrap.mjs"), join(this.root, "scripts/bootstrap.mjs"));
    cpSync(join(scripts, "bootstrap"), join(this.root, "scripts/bootstrap"), { recursive: true });
    this.write(
      "scripts/commands.mjs",
      `export const COMMANDS = {
        say: { run: ["say.mjs"], build: [] },
        built: { run: ["say.mjs"], build: ["sample"] },
        wait: { run: ["wait.mjs"], build: [] },
      };\n`,
    );
    this.write(
      "scripts/bootstrap/build-steps.mjs",
      `export const BUILD_STEPS = [
        { name: "sample", doing: "Building the sample", inputs: ["in.txt"], outputs: ["out.txt"], run: ["build.mjs"] },
      ];\n`,
    );
    this.write("say.mjs", "console.log(JSON.stringify({ version: process.version, args: process.argv.slice(2) }));\n");
    this.write(
      "wait.mjs",
      `for (const name of ["SIGINT", "SIGTERM"]) {
        process.on(name, () => {
          console.log("got " + name);
          setTimeout(() => process.exit(7), 800);
        });
      }
      setInterval(() => {}, 1000);
      console.log("waiting " + process.pid);\n`,
    );
    this.write(
      "build.mjs",
      `import { readFileSync, writeFileSync, appendFileSync } from "node:fs";
      appendFileSync("builds.txt", "x");
      const input = readFileSync("in.txt", "utf8");
      if (input.includes("bad")) throw new Error("in.txt is bad");
      writeFileSync("out.txt", input.toUpperCase());\n`,
    );
    this.write("in.txt", "one");
    this.write("linked/package.json", '{ "name": "linked", "version": "1.0.0" }');
    this.write(".npmrc", "fetch-retries=0\nignore-scripts=true\n");
    this.#engines = engines;
    this.dependOn({});
  }

  /** Writes package.json and the lock file: the linked package, and tarballs by name and address. */
  dependOn(tarballs: Readonly<Record<string, string>>): void {
    const about = { name: "sample", version: "1.0.0" };
    const dependencies = { linked: "file:linked", ...tarballs };
    const packages: Record<string, object> = {
      "": { ...about, dependencies },
      linked: { version: "1.0.0" },
      "node_modules/linked": { resolved: "linked", link: true },
    };
    for (const [name, url] of Object.entries(tarballs)) {
      packages[`node_modules/${name}`] = { version: "1.0.0", resolved: url };
    }
    const engines = { node: this.#engines };
    const scripts = { wait: "node scripts/bootstrap.mjs wait" };
    this.write("package.json", JSON.stringify({ ...about, private: true, engines, dependencies, scripts }));
    this.write("package-lock.json", JSON.stringify({ ...about, lockfileVersion: 3, packages }));
  }

  write(path: string, content: string): void {
    const file = join(this.root, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  start(
    args: readonly string[],
    { program = [process.execPath, "scripts/bootstrap.mjs"], detached = false }: StartOptions = {},
  ): Running {
    const [file = "", ...first] = program;
    const child = spawn(file, [...first, ...args], { cwd: this.root, detached, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    const watchers = new Set<() => void>();
    const changed = (): void => {
      for (const watcher of watchers) watcher();
    };
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
      changed();
    });
    child.stderr.on("data", (data: Buffer) => {
      stderr += data.toString();
      changed();
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        resolve({ code, signal, stdout, stderr });
      });
    });
    const seen = async (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!`${stdout}${stderr}`.includes(text)) return;
          watchers.delete(look);
          resolve(`${stdout}${stderr}`);
        };
        watchers.add(look);
        void ended.then(({ code }) => {
          reject(new Error(`ended with ${String(code)} before "${text}":\n${stdout}${stderr}`));
        });
        look();
      });
    return { child, ended, seen };
  }

  async run(...args: readonly string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
