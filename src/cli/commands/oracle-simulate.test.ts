import { afterEach, describe, expect, it, vi } from "vitest";
import { createProgram } from "../program.ts";

/** What a run writes to standard output and standard error. */
async function written(...words: string[]): Promise<{ out: string; err: string }> {
  const text = { out: "", err: "" };
  vi.spyOn(process.stdout, "write").mockImplementation((part) => (text.out += String(part)) !== "");
  vi.spyOn(process.stderr, "write").mockImplementation((part) => (text.err += String(part)) !== "");
  const program = await createProgram("oracle");
  program.exitOverride();
  for (const command of program.commands) for (const verb of command.commands) verb.exitOverride();
  await program.parseAsync(["node", "mandate", ...words]);
  return text;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("mandate oracle simulate", () => {
  it("prints one line of JSON last", async () => {
    const { out } = await written("--json", "oracle", "simulate", "--epochs", "3", "--operators", "4", "--seed", "5");
    const lines = out.trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      epochs: 3,
      operators: 4,
      seed: 5,
      profile: "default",
      safetyViolations: 0,
      livenessViolations: 0,
      accepted: expect.any(Number) as number,
    });
  });

  it("tells a person what was drawn and what came of it", async () => {
    const { out } = await written("oracle", "simulate", "--epochs", "3", "--operators", "4", "--faults", "none");
    expect(out).toContain("3 of 4 operators, seed 1, faults none");
    expect(out).toMatch(/Accepted +3; 3 had to be/);
    expect(out).toContain("No faults were drawn.");
  });

  it.each([
    ["--operators", "3"],
    ["--operators", "32"],
    ["--epochs", "0"],
    ["--faults", "some"],
  ])("refuses %s %s", async (option, value) => {
    await expect(written("oracle", "simulate", option, value)).rejects.toThrow(/invalid/);
  });
});
