import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { z } from "zod";

const program = fileURLToPath(new URL("../../scripts/demo/main.ts", import.meta.url));
const resultSchema = z.strictObject({
  steps: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), evidence: z.record(z.string(), z.unknown()) })),
  ok: z.boolean(),
});

function runDemo(): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, "--json"], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

it("the demonstration plays the main job: eight steps, each with evidence, the result on the last line", async () => {
  const { code, stdout, stderr } = await runDemo();
  const lines = stdout.trimEnd().split("\n");
  expect(lines, stderr).toHaveLength(1); // standard output belongs to the result
  const { steps, ok } = resultSchema.parse(JSON.parse(lines[0] ?? ""));
  expect(steps.filter((step) => !step.ok)).toEqual([]);
  expect(steps.map(({ name }) => name)).toEqual([
    "deploy-and-fund",
    "open-projects",
    "close-epoch",
    "renew-and-release",
    "lapse-and-reclaim",
    "fork-and-merge",
    "grant-for-a-task",
    "audit-everything",
  ]);
  for (const { name, evidence } of steps) expect(Object.keys(evidence).length, name).toBeGreaterThan(1);
  expect({ ok, code }).toEqual({ ok: true, code: 0 });
});
