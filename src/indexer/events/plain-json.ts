/** What JSON can hold. */
export type Json = string | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Event arguments as JSON: integers of any size as decimal text, structs as objects. Pure. */
export function plainJson(value: unknown): Json {
  if (typeof value === "bigint" || typeof value === "number") return value.toString();
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainJson(each)]));
}
