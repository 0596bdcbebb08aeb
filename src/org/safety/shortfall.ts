const WHOLE = 10n ** 18n;

/** What anchors ruled while money of an asset is missing. Twin of the vault's `Ruling`. */
export interface Ruling {
  /** Of each claim, 1e18 = 1; 0 where no ruling stands. */
  readonly share: bigint;
  /** Number of the trip in which it was made. */
  readonly trip: bigint;
  /** Base units that are to be left for those who took nothing yet: the ruling holds while the vault has so much. */
  readonly left: bigint;
}

export const noRuling: Ruling = { share: 0n, trip: 0n, left: 0n };

/** The largest share that may be ruled: what the vault has of what it owes; 0 where nothing is missing. */
export function rulingLimit(balance: bigint, credited: bigint): bigint {
  return balance < credited ? (balance * WHOLE) / credited : 0n;
}

/** Whether a ruling holds: there is enough for everybody who took nothing yet. */
export function isRulingHeld({ share, left }: Pick<Ruling, "share" | "left">, balance: bigint): boolean {
  return share > 0n && balance >= left;
}

/** What a payee may take of its claim by a ruling, in base units, rounded down. */
export function ruledAmount(owed: bigint, share: bigint): bigint {
  return (owed * share) / WHOLE;
}
