import type { z } from "zod";
import { problemSchema } from "../../../src/core/api/problem.ts";
import { MandateError, messageOf } from "../../../src/core/errors/mandate-error.ts";

/**
 * Asks the indexer, and takes only an answer that its schema accepts.
 * @throws {MandateError} `ApiUnreachable`, `ApiProblem` (the indexer's own words) or `ApiUnexpected`.
 */
export async function fetchAnswer<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: "application/json" } });
  } catch (cause) {
    throw new MandateError("ApiUnreachable", "The indexer does not answer.", {
      kind: "retry",
      cause,
      remedy: "Check that it is running. What is shown may be out of date.",
    });
  }
  const body: unknown = await response.json().catch((cause: unknown) => {
    throw new MandateError("ApiUnexpected", `The indexer answered something else than JSON: ${messageOf(cause)}`, {
      kind: "defect",
      cause,
    });
  });
  if (!response.ok) {
    const problem = problemSchema.safeParse(body);
    throw new MandateError("ApiProblem", problem.success ? problem.data.message : `status ${response.status}`, {
      kind: "retry",
      ...(problem.success && problem.data.remedy !== undefined ? { remedy: problem.data.remedy } : {}),
    });
  }
  const answer = schema.safeParse(body);
  if (!answer.success) {
    throw new MandateError("ApiUnexpected", `The answer of ${path} is not what this page expects.`, {
      kind: "defect",
      cause: answer.error,
      remedy: "Reload the page: the indexer may be newer.",
    });
  }
  return answer.data;
}
