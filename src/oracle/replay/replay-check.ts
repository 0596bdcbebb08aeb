/** One thing that a replay looks at. */
export interface ReplayCheck {
  readonly name: string;
  /** `not-checked`: what the bundle, or the chain, does not let anybody check. It says nothing either way. */
  readonly status: "ok" | "differs" | "not-checked";
  readonly detail: string;
}

export function ok(name: string, detail: string): ReplayCheck {
  return { name, status: "ok", detail };
}

export function differs(name: string, detail: string): ReplayCheck {
  return { name, status: "differs", detail };
}

export function notChecked(name: string, detail: string): ReplayCheck {
  return { name, status: "not-checked", detail };
}

/** `ok` where both are the same, else both sides. */
export function compared(name: string, expected: unknown, actual: unknown, detail: string): ReplayCheck {
  const [one, other] = [String(expected), String(actual)];
  return one === other ? ok(name, detail) : differs(name, `expected ${one}, found ${other}`);
}
