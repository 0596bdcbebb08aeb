import { z } from "zod";
import { messageOf } from "../../../core/errors/mandate-error.ts";
import { httpUrl } from "../schema-parts.ts";
import { checkExpression } from "./check-expression.ts";

/** Numbers that an expression selects in a JSON document on the web. */
export const httpJsonataSource = z.strictObject({
  kind: z.literal("http-jsonata"),
  url: httpUrl,
  /**
   * JSONata, of which only what selects, compares and counts. Every number of the document is text to it. The result is a number, or
   * a list of numbers, which are added up.
   */
  expression: z
    .string()
    .min(1)
    .max(1_000)
    .superRefine((text, context) => {
      try {
        checkExpression(text);
      } catch (error) {
        context.addIssue({ code: "custom", message: messageOf(error) });
      }
    }),
});

export type HttpJsonataSource = z.infer<typeof httpJsonataSource>;
