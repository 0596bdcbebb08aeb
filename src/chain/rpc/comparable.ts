/** Members of a block in which honest nodes are alike; its hash binds them all. */
const BLOCK = [
  ...["number", "hash", "parentHash", "timestamp", "stateRoot", "transactionsRoot", "receiptsRoot"],
  ...["gasLimit", "gasUsed", "baseFeePerGas"],
] as const;

const LOG = [
  ...["address", "topics", "data", "blockNumber", "blockHash", "transactionHash", "transactionIndex", "logIndex"],
] as const;

const RECEIPT = [
  ...["transactionHash", "transactionIndex", "blockHash", "blockNumber", "from", "to", "status", "gasUsed"],
  ...["cumulativeGasUsed", "effectiveGasPrice", "contractAddress", "type"],
] as const;

/**
 * The part of a result in which honest nodes are alike, in one spelling. Nodes add members of their own; what is not compared
 * must not be believed, so that this is also what a caller gets.
 */
export function comparable(method: string, result: unknown): unknown {
  if (result === null) return null;
  switch (method) {
    case "eth_getBlockByNumber":
    case "eth_getBlockByHash":
      return pick(result, BLOCK);
    case "eth_getLogs":
      return logs(result);
    case "eth_getTransactionReceipt":
      return { ...pick(result, RECEIPT), logs: logs(recordOf(result)["logs"]) };
    default:
      return spelling(result);
  }
}

function logs(result: unknown): unknown {
  return Array.isArray(result) ? result.map((each) => pick(each, LOG)) : null;
}

function pick(value: unknown, names: readonly string[]): Record<string, unknown> {
  const record = recordOf(value);
  return Object.fromEntries(names.map((name) => [name, spelling(record[name] ?? null)]));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Bytes in lower case, members in alphabetical order. */
function spelling(value: unknown): unknown {
  if (typeof value === "string") return value.toLowerCase();
  if (Array.isArray(value)) return value.map(spelling);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, spelling(each)]),
  );
}
