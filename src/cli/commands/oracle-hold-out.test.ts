import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heldOutDocument } from "../../../test/support/held-out.ts";
import { exampleDefinition } from "../../../test/support/score-definition.ts";
import { documentHash } from "../../core/documents/document-hash.ts";
import { parseHeldOut } from "../../oracle/scoring/held-out.ts";
import { parseScoreDefinition } from "../../oracle/scoring/score-definition.ts";
import { createProgram } from "../program.ts";

const { probes, checks } = heldOutDocument;
let directory: string;
const at = (name: string): string => join(directory, name);
const documentAt = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-hold-out-"));
  writeFileSync(at("definition.json"), JSON.stringify(exampleDefinition));
  writeFileSync(at("checks.json"), JSON.stringify({ probes, checks }));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

async function holdOut(...words: readonly string[]): Promise<string> {
  let out = "";
  vi.spyOn(process.stdout, "write").mockImplementation((part) => (out += String(part)) !== "");
  const program = await createProgram("oracle");
  program.exitOverride();
  for (const command of program.commands) for (const verb of command.commands) verb.exitOverride();
  const files = ["--definition", at("definition.json"), "--checks", at("checks.json"), "--out", at("out")];
  await program.parseAsync(["node", "mandate", "--json", "oracle", "hold-out", ...files, ...words]);
  return out;
}

describe("mandate oracle hold-out", () => {
  it("given a definition and checks, it writes the definition that commits to them, and the secret for its owner alone", async () => {
    const result = JSON.parse(await holdOut("--first", "2", "--last", "3")) as {
      definition: { hash: string; path: string };
      heldOut: { hash: string; path: string };
    };
    const published = parseScoreDefinition(documentAt(result.definition.path));
    const secret = parseHeldOut(documentAt(result.heldOut.path));
    if (!published.ok || !secret.ok) throw new Error("not valid");
    expect(published.known.hash).toBe(result.definition.hash);
    expect(secret.commitment).toBe(result.heldOut.hash);
    expect(published.known.definition.heldOut).toEqual([
      { commitment: secret.commitment, first: 2, last: 3, through: 7 },
    ]);
    expect(statSync(result.heldOut.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(at("out")).sort()).toEqual([`${published.known.hash}.json`, `${secret.commitment}.json`].sort());
  });

  it("given the same once more, the salt and so the commitment are others", async () => {
    const first = await holdOut("--first", "2", "--last", "3", "--through", "3");
    expect(await holdOut("--first", "2", "--last", "3", "--through", "3")).not.toBe(first);
    expect(readdirSync(at("out"))).toHaveLength(4);
  });

  it.each([
    [
      "checks of what is no probe of theirs",
      { probes, checks: [{ ...checks[0], whole: "delivery/gone" }] },
      [],
      "HeldOutInvalid",
    ],
    ["more than probes and checks", { probes, checks, salt: documentHash("mine") }, [], "HeldOutInvalid"],
    ["no probe", { probes: [], checks }, [], "HeldOutInvalid"],
    ["an end before the last epoch", { probes, checks }, ["--through", "2"], "DefinitionInvalid"],
  ])("given %s, it refuses and writes nothing", async (_, secret, words, code) => {
    writeFileSync(at("checks.json"), JSON.stringify(secret));
    await expect(holdOut("--first", "2", "--last", "3", ...words)).rejects.toMatchObject({ code, kind: "input" });
    expect(readdirSync(directory).sort()).toEqual(["checks.json", "definition.json"]);
  });

  it("given a definition that is none, or no JSON, it refuses", async () => {
    writeFileSync(at("definition.json"), "{}");
    await expect(holdOut("--first", "2", "--last", "3")).rejects.toMatchObject({ code: "DefinitionInvalid" });
    writeFileSync(at("definition.json"), "{");
    await expect(holdOut("--first", "2", "--last", "3")).rejects.toMatchObject({ code: "DocumentUnreadable" });
  });

  it("given a directory that cannot be one, it says so", async () => {
    writeFileSync(at("out"), "a file");
    await expect(holdOut("--first", "2", "--last", "3")).rejects.toMatchObject({ code: "DocumentsUnwritable" });
  });
});
