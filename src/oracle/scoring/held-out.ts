import { z } from "zod";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { Hex } from "../../core/hex.ts";
import { wordSchema } from "../hex-schema.ts";
import { hasWindow } from "../sources/has-window.ts";
import type { EpochWindow } from "../sources/reading.ts";
import { integrityCheckSchema, probeSchema } from "./integrity-check.ts";

const epoch = z.int().positive().max(0xffff_ffff);
const text = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

/** Epochs over whose time held-out probes are read, both ends included. */
export interface EpochSpan {
  readonly first: number;
  readonly last: number;
}

/**
 * What a definition tells of checks that its author holds back, so that nobody can prepare for what is counted: their document's hash, the
 * epochs that they look at, and the last epoch in which they count. From `last` on they count where the document is shown.
 */
export const heldOutEntrySchema = z
  .strictObject({ commitment: wordSchema, first: epoch, last: epoch, through: epoch })
  .refine(({ first, last, through }) => first <= last && last <= through, {
    path: ["through"],
    error: "first, last and through must not descend",
  });

export type HeldOutEntry = z.infer<typeof heldOutEntrySchema>;

/** Beyond which a time would be asked of sources that they no longer keep. */
export const HELD_OUT_EPOCHS = 53;

const heldOutProbe = probeSchema.refine(({ source }) => hasWindow(source), {
  path: ["source"],
  error:
    "a held-out number is read after its time: the source must take a window, as git, github, prometheus-query, ndjson files and sql with endSeconds or epoch do",
});

const heldOutSchema = z
  .strictObject({
    kind: z.literal("mandate.held-out/1"),
    /** 32 random bytes: without them what is held back could be guessed. */
    salt: wordSchema,
    first: epoch,
    last: epoch,
    probes: z.array(heldOutProbe).min(1).max(16),
    checks: z
      .array(integrityCheckSchema.omit({ detects: true }).extend({ name: text }))
      .min(1)
      .max(16),
  })
  .refine(({ first, last }) => first <= last && last - first < HELD_OUT_EPOCHS, {
    path: ["last"],
    error: `last lies ${HELD_OUT_EPOCHS - 1} epochs after first, at most, and not before it`,
  })
  .refine(({ probes }) => areUnique(probes), { path: ["probes"], error: "names must differ" })
  .refine(({ checks }) => areUnique(checks), { path: ["checks"], error: "names must differ" })
  .superRefine(({ probes, checks }, context) => {
    const own = new Set(probes.map(({ name }) => name));
    for (const [index, { part, whole }] of checks.entries()) {
      for (const [end, reference] of Object.entries({ part, whole })) {
        if (own.has(reference)) continue;
        const message =
          "no such probe here: both ends are of the epochs that are held back, a metric is of the one that is scored";
        context.addIssue({ code: "custom", path: ["checks", index, end], message });
      }
    }
  });

/** Probes and checks that were held back until their epochs were over. */
export type HeldOut = z.infer<typeof heldOutSchema>;

export type HeldOutParse =
  | { readonly ok: true; readonly commitment: Hex; readonly heldOut: HeldOut }
  | { readonly ok: false; readonly problem: string };

/** Whether a document says that it is held back, be it valid or not. */
export function isHeldOut(document: unknown): boolean {
  return z.object({ kind: heldOutSchema.shape.kind }).safeParse(document).success;
}

/** Whether a document is held back while `closedEpoch` is the last one that has closed. One that says so wrongly stays secret. */
export function isStillSecret(document: unknown, closedEpoch: number): boolean {
  if (!isHeldOut(document)) return false;
  const parsed = parseHeldOut(document);
  return !parsed.ok || parsed.heldOut.last > closedEpoch;
}

/** The commitment is the hash of the document as given, before defaults are filled in. */
export function parseHeldOut(document: unknown): HeldOutParse {
  const parsed = heldOutSchema.safeParse(document);
  return parsed.success
    ? { ok: true, commitment: documentHash(document), heldOut: parsed.data }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}

/** Entries whose time is over and that count in an epoch's scores. */
export function countingIn(entries: readonly HeldOutEntry[] | undefined, scored: number): readonly HeldOutEntry[] {
  return (entries ?? []).filter(({ last, through }) => last <= scored && scored <= through);
}

/** What stands before the names of held-out probes and checks: no name of a definition's own has a colon. */
export function heldOutPrefix(commitment: Hex): string {
  return `held-out:${commitment}/`;
}

/** The time of a span, told from the window of the epoch that is scored: all epochs are equally long. */
export function spanWindow({ first, last }: EpochSpan, scored: EpochWindow): EpochWindow {
  const length = scored.endSeconds - scored.startSeconds;
  return {
    epoch: last,
    startSeconds: scored.startSeconds - (scored.epoch - first) * length,
    endSeconds: scored.endSeconds - (scored.epoch - last) * length,
  };
}

function areUnique(parts: readonly { readonly name: string }[]): boolean {
  return new Set(parts.map((each) => each.name)).size === parts.length;
}
