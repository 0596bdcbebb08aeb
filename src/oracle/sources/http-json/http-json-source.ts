import { z } from "zod";
import { httpUrl, jsonPointer } from "../schema-parts.ts";

/** A number in a JSON document on the web. */
export const httpJsonSource = z.strictObject({
  kind: z.literal("http-json"),
  url: httpUrl,
  /** To a number, or to a string that is one. */
  pointer: jsonPointer,
});

export type HttpJsonSource = z.infer<typeof httpJsonSource>;
