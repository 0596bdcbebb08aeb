/** Which of two values of a parameter binds more; `IConstitution.Stricter`. */
export type Stricter = "Lower" | "Higher";

/** The value that binds more. */
export function stricterOf(stricter: Stricter, a: bigint, b: bigint): bigint {
  return (stricter === "Lower") === a < b ? a : b;
}

/** Whether `value` binds less than `than`. */
export function isLooser(stricter: Stricter, value: bigint, than: bigint): boolean {
  return value !== than && stricterOf(stricter, value, than) === than;
}

/** What applies to a team: the office's value, or the team's own where that is stricter. Computed when it is read. */
export function effectiveValue(stricter: Stricter, office: bigint, team: bigint | undefined): bigint {
  return team === undefined ? office : stricterOf(stricter, office, team);
}
