/** What a caller can do about an error: try again later, correct the input, or neither (a defect). */
export type ErrorKind = "retry" | "input" | "refused" | "environment" | "defect";

/** Data that an error carries: both sides of the comparison that failed, addresses, ids. */
export type ErrorData = Readonly<Record<string, string | number | bigint | boolean | null>>;

export interface MandateErrorOptions {
  readonly kind: ErrorKind;
  readonly data?: ErrorData;
  readonly cause?: unknown;
  /** What the person who reads the message can do. */
  readonly remedy?: string;
}

/** Base of every typed error. `code` is stable and greppable (`PortInUse`); `message` is a sentence for a person. */
export class MandateError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly data: ErrorData;
  readonly remedy: string | undefined;

  constructor(code: string, message: string, options: MandateErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.kind = options.kind;
    this.data = options.data ?? {};
    this.remedy = options.remedy;
  }

  /** Whether the same attempt may succeed later, without anything being corrected. */
  get retryable(): boolean {
    return this.kind === "retry";
  }
}

/** The error's message, or a description of whatever else was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
