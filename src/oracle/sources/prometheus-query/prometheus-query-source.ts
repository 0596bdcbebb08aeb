import { z } from "zod";
import { httpUrl } from "../schema-parts.ts";

/** An instant query of a Prometheus server, evaluated at the end of the epoch. */
export const prometheusQuerySource = z.strictObject({
  kind: z.literal("prometheus-query"),
  /** Of the server; `/api/v1/query` is added. */
  url: httpUrl.refine((url) => URL.canParse(url) && !/[?#]/.test(url), "an address without query and fragment"),
  /** PromQL whose result is a scalar, or a vector of exactly one sample. */
  query: z.string().min(1).max(4_000),
});

export type PrometheusQuerySource = z.infer<typeof prometheusQuerySource>;
