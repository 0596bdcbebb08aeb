import pg from "pg";

const { INT8, NUMERIC } = pg.types.builtins;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`beyond the safe integers: ${text}`);
  return value;
}

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];
type Parser = (text: string) => unknown;

/** How values of the indexer's tables arrive: amounts as bigint, times and indices as safe integers. */
export const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: (type: TypeId): Parser => {
    if (type === NUMERIC) return BigInt;
    if (type === INT8) return safeInteger;
    return pg.types.getTypeParser(type, "text") as Parser;
  },
};
