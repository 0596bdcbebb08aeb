import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { loadOperatorConfiguration, type OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { withoutSecrets } from "./without-secrets.ts";

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
/** A key that is as short as a word: it is told by its place. */
const key = "k3y-short";
let directory: string;
let server: Server;
let configuration: OperatorConfiguration;

function configured(name: string, changes: Record<string, unknown>): string {
  const path = join(directory, name);
  writeFileSync(
    path,
    JSON.stringify({
      chainId: 31_337,
      oracle: `0x${"ab".repeat(20)}`,
      listen: { port: 0 },
      peers: [],
      keys: { signing: { development: "operatorOne" }, gas: { development: "operatorTwo" } },
      data: "data",
      documents: "documents",
      ...changes,
    }),
  );
  return path;
}

function mandate(...args: readonly string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [main, "oracle", ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, text: stdout + stderr }),
    ),
  );
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "mandate-redaction-"));
  // An endpoint that refuses everything, and repeats where it was asked.
  server = createServer((request, response) => response.writeHead(403).end(`denied: ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  configuration = loadOperatorConfiguration(
    configured("unit.json", { rpc: { urls: [`https://rpc.example/v3/${key}`], quorum: 1 } }),
  );
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("an operator whose endpoint's address holds a key", () => {
  it.each([
    ["does not answer", () => 1],
    ["refuses and repeats it", () => (server.address() as { port: number }).port],
  ])(
    "iOP-011: given that the endpoint %s, no command shows it, and each says what failed",
    async (_, portOf) => {
      const origin = `127.0.0.1:${portOf()}`;
      const rpc = { urls: [`http://${origin}/v3/${key}?token=${key}`], quorum: 1 };
      const config = configured("operator.json", { rpc });
      const secretless = configured("secretless.json", {
        rpc,
        sources: { credentials: { "https://api.example": { secret: { file: "nowhere" } } } },
      });
      const commands = ["check", "dry-run", "run"].flatMap((command) => [
        [command, "--config", config],
        [command, "--config", config, "--json"],
      ]);
      for (const args of [...commands, ["check", "--config", secretless]]) {
        const { code, text } = await mandate(...args);
        expect(text, args.join(" ")).not.toContain(key);
        expect([args[0], code]).toEqual([args[0], args[0] === "check" ? 1 : 3]);
        expect(text).toMatch(args[0] === "check" ? /chain/ : /RpcQuorumMissing/);
      }
    },
    240_000,
  );
});

describe("withoutSecrets", () => {
  const failing = (error: unknown): Promise<unknown> =>
    withoutSecrets(configuration, () => Promise.reject(error as Error)).catch((thrown: unknown) => thrown);
  const url = `https://rpc.example/v3/${key}`;

  it("given an error of the system, everything of it stays but the secret", async () => {
    const cause = new Error(`asked ${url}`);
    const error = new MandateError("Some", `at ${url}`, { kind: "input", data: { url, count: 1 }, remedy: url, cause });
    expect(await failing(error)).toMatchObject({
      code: "Some",
      kind: "input",
      message: "at https://[secret]",
      data: { url: "https://[secret]", count: 1 },
      remedy: "https://[secret]",
      cause: { message: "asked https://[secret]" },
    });
  });

  it("given a defect, its trace stays without the secret; given what is no error, it becomes one", async () => {
    const defect = await failing(new TypeError(`no ${url}`));
    expect(defect).toMatchObject({ name: "TypeError", message: "no https://[secret]" });
    expect((defect as Error).stack).toContain("without-secrets.test");
    expect((defect as Error).stack).not.toContain(key);
    expect(await failing(url)).toMatchObject({ message: "https://[secret]" });
  });
});
