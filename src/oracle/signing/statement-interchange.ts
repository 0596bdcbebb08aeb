import { z } from "zod";
import { MandateError, messageOf } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import { lowerAddressSchema, wordSchema } from "../hex-schema.ts";
import { statementKinds } from "./statement-database.ts";

const epoch = z.int().nonnegative().max(0xffff_ffff);
const statementSchema = z.strictObject({
  epoch: epoch.min(1),
  kind: z.enum(statementKinds),
  view: z.int().nonnegative().max(0xffff_ffff),
  digest: wordSchema,
});

const interchangeSchema = z
  .strictObject({
    kind: z.literal("mandate.signing-database/1"),
    chainId: z.int().positive(),
    contract: lowerAddressSchema,
    operator: lowerAddressSchema,
    /** At and below this epoch nothing may be signed but what `statements` lists. */
    watermark: epoch,
    statements: z.array(statementSchema),
  })
  .superRefine(({ watermark, statements }, context) => {
    const seen = new Set<string>();
    for (const [index, each] of statements.entries()) {
      const issue = (message: string): void =>
        context.addIssue({ code: "custom", path: ["statements", index], message });
      const slot = `${each.epoch} ${each.kind} ${each.view}`;
      if (seen.has(slot)) issue("a second statement for its epoch, kind and view");
      if (each.epoch > watermark) issue(`its epoch is above the watermark ${watermark}`);
      if (each.view !== 0 && each.kind === "report") issue("a report has view 0");
      seen.add(slot);
    }
  });

/** What an operator has signed, as a file that another machine reads. */
export type StatementInterchange = z.infer<typeof interchangeSchema>;

/** For whom a signing database is. */
export interface StatementScope {
  readonly chainId: number;
  readonly contract: Hex;
  readonly operator: Hex;
}

/**
 * An interchange file's content.
 * @throws {MandateError} `InterchangeInvalid` with the path of what is wrong; `InterchangeForAnother` where it is for another chain, contract
 * or operator than `scope`.
 */
export function parseInterchange(text: string, scope: StatementScope): StatementInterchange {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(messageOf(cause), cause);
  }
  const parsed = interchangeSchema.safeParse(value);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error), parsed.error);
  for (const name of ["chainId", "contract", "operator"] as const) {
    const [expected, actual] = [scope[name], parsed.data[name]];
    if (expected === actual) continue;
    throw new MandateError("InterchangeForAnother", `the file is for ${name} ${actual}, not ${expected}`, {
      kind: "refused",
      data: { name, expected, actual },
      remedy: "Import the file that this operator's former machine wrote; nothing was changed.",
    });
  }
  return parsed.data;
}

function invalid(problem: string, cause: unknown): MandateError {
  return new MandateError("InterchangeInvalid", `not a signing database's interchange file: ${problem}`, {
    kind: "input",
    cause,
    remedy: "Export it again with `mandate oracle export-signing-db`; nothing was changed.",
  });
}
