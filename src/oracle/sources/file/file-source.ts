import { z } from "zod";
import { jsonPointer, placeName } from "../schema-parts.ts";

/** Names joined by slashes, none of which leads up or is hidden. */
const innerPath = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/)
  .max(500);

/** A file in a directory that each operator has. */
export const fileSource = z.strictObject({
  kind: z.literal("file"),
  /** Name of a directory; each operator says in its configuration where it lies. */
  directory: placeName,
  path: innerPath,
  content: z.discriminatedUnion("format", [
    /** One JSON document; the pointer names a number, or a string that is one. */
    z.strictObject({ format: z.literal("json"), pointer: jsonPointer }),
    /** One JSON document a line: records, of which those of the epoch are measured. */
    z.strictObject({
      format: z.literal("ndjson"),
      /** When a record happened: seconds since the Unix epoch, or RFC 3339. */
      time: z.strictObject({ pointer: jsonPointer, format: z.enum(["unix-seconds", "rfc-3339"]) }),
      /** A record counts where each of these is exactly that text. */
      where: z
        .array(z.strictObject({ pointer: jsonPointer, equals: z.string().max(1_000) }))
        .max(16)
        .default([]),
      /** How many there are, or the sum of a number that each of them has. */
      measure: z.union([z.literal("count"), z.strictObject({ sum: jsonPointer })]),
    }),
  ]),
});

export type FileSource = z.infer<typeof fileSource>;
export type NdjsonContent = Extract<FileSource["content"], { format: "ndjson" }>;
