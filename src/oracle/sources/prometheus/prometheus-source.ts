import { z } from "zod";
import { httpUrl } from "../schema-parts.ts";

/** Samples of a text exposition, as they are when they are asked for. */
export const prometheusSource = z.strictObject({
  kind: z.literal("prometheus"),
  /** A text exposition endpoint. */
  url: httpUrl,
  metric: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
  /** Labels that a sample must carry; the values of all samples that do are summed. */
  labels: z.record(z.string().max(200), z.string().max(1_000)).default({}),
});

export type PrometheusSource = z.infer<typeof prometheusSource>;
