import { z } from "zod";
import { placeName } from "../schema-parts.ts";

/** What the epoch is to a statement: seconds since the Unix epoch, and its number. */
const parameter = z.enum(["startSeconds", "endSeconds", "epoch"]);

/** One number from a PostgreSQL database. */
export const sqlSource = z.strictObject({
  kind: z.literal("sql"),
  /** Name of a database; each operator says in its configuration how it reaches it. */
  database: placeName,
  /** A query of one row and one column, an integer, a `numeric` or text; not floating point. No semicolon ends it. */
  statement: z
    .string()
    .regex(/^\s*(select|with)\s/i)
    .max(10_000),
  /** What stands for `$1`, `$2` and so on. */
  parameters: z.array(parameter).max(8).default([]),
});

export type SqlSource = z.infer<typeof sqlSource>;
