import pg from "pg";

const { INT8, NUMERIC } = pg.types.builtins;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`beyond the safe integers: ${text}`);
  return value;
}

/** How values of the indexer's tables arrive: amounts as bigint, times and indices as safe integers. */
export const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") => {
    if (oid === NUMERIC) return BigInt;
    if (oid === INT8) return safeInteger;
    return pg.types.getTypeParser(oid, format as "text");
  }) as pg.CustomTypesConfig["getTypeParser"],
};
