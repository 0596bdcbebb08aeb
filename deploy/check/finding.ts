/** Something that is not as it was meant to be deployed. */
export interface Finding {
  /** What was read: `HeartbeatOracle.epochSeconds`. */
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
}

/** Compares what was read with what was meant, and keeps what differs. */
export class Comparison {
  readonly findings: Finding[] = [];
  checked = 0;

  /** Text, addresses and numbers; addresses whatever their case. */
  expect(subject: string, actual: unknown, expected: unknown): void {
    this.checked += 1;
    const [is, should] = [String(actual), String(expected)];
    if (is.toLowerCase() !== should.toLowerCase()) this.findings.push({ subject, expected: should, actual: is });
  }

  /** The same members, in any order. */
  expectMembers(subject: string, actual: Iterable<string>, expected: Iterable<string>): void {
    const text = (members: Iterable<string>): string =>
      [...new Set([...members].map((each) => each.toLowerCase()))].sort().join(", ");
    this.expect(subject, text(actual) || "nobody", text(expected) || "nobody");
  }
}
