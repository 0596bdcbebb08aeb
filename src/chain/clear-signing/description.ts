/** The words of ERC-7730 that descriptions of calls and messages are written in: one builder for each format of a field. */
export interface Field {
  /** Where the value stands: names joined by dots, `.[]` for every element of a list; `@.value` for the coins sent along. */
  readonly path: string;
  readonly label: string;
  readonly format:
    "raw" | "amount" | "tokenAmount" | "date" | "duration" | "unit" | "enum" | "addressName" | "calldata";
  readonly params?: Readonly<Record<string, unknown>>;
  readonly visible?: "never";
}

/** What a person reads before signing one call or one message. */
export interface Description {
  readonly intent: string;
  /** The same as one sentence, with the values of fields in it: `{path}`. */
  readonly sentence?: string;
  readonly fields: readonly Field[];
}

/** Descriptions of one contract's functions, by name. */
export type CallDescriptions = Readonly<Record<string, Description>>;

/** Numbers with names; a field of format `enum` refers to one. In the order of the contracts' enums. */
export const enums = {
  party: { "0": "Payee", "1": "Anchor" },
  vote: { "0": "Against", "1": "For", "2": "Abstain" },
  trigger: { "0": "Breaker tripped", "1": "Attestation overturned", "2": "Challenge upheld" },
  impact: { "0": "Unlisted", "1": "None", "2": "Fixed", "3": "Amount", "4": "Amount of an asset" },
  stricter: { "0": "Lower", "1": "Higher" },
} as const satisfies Record<string, Record<string, string>>;

/** How the contracts name the chain's own coin. */
const NATIVE_COIN = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";

/** Limits, rates and impact are in units of account, with four digits after the point. */
const UNIT_OF_ACCOUNT_DECIMALS = 4;

export const describe = (intent: string, fields: readonly Field[], sentence?: string): Description => ({
  intent,
  fields,
  ...(sentence === undefined ? {} : { sentence }),
});

/** A value that is read as it is: an id, a hash, a count, a text. */
export const raw = (path: string, label: string): Field => ({ path, label, format: "raw" });
export const address = (path: string, label: string): Field => ({ path, label, format: "addressName" });

/** An amount in the base units of the asset that another argument names. */
export const money = (path: string, tokenPath: string, label: string): Field => ({
  path,
  label,
  format: "tokenAmount",
  params: { tokenPath, nativeCurrencyAddress: NATIVE_COIN },
});

/** Coins that go along with the call. */
export const coins = (): Field => ({ path: "@.value", label: "Coins sent along", format: "amount" });

/** A time point in seconds since 1970. */
export const date = (path: string, label: string): Field => ({
  path,
  label,
  format: "date",
  params: { encoding: "timestamp" },
});

/** Seconds. */
export const duration = (path: string, label: string): Field => ({ path, label, format: "duration" });

/** Units of account, 4 decimals. Renderers put the unit right behind the number, so a word begins with its space. */
export const account = (path: string, label: string): Field => ({
  path,
  label,
  format: "unit",
  params: { base: " units of account", decimals: UNIT_OF_ACCOUNT_DECIMALS },
});

export const percent = (path: string, label: string): Field => ({ path, label, format: "unit", params: { base: "%" } });

/** A fraction with 1e18 = 1, as percent. */
export const share = (path: string, label: string): Field => ({
  path,
  label,
  format: "unit",
  params: { base: "%", decimals: 16 },
});

export const choice = (path: string, name: keyof typeof enums, label: string): Field => ({
  path,
  label,
  format: "enum",
  params: { $ref: `$.metadata.enums.${name}` },
});

/** A call inside the call, read by the descriptor of the contract it goes to. */
export const innerCall = (path: string, calleePath: string, label: string): Field => ({
  path,
  label,
  format: "calldata",
  params: { calleePath },
});

/** Proof that the contract checks and nobody can read: signatures, Merkle proofs. */
export const proof = (path: string): Field => ({ path, label: "Proof", format: "raw", visible: "never" });
