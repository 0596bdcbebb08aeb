import jsonata from "jsonata";

/** Nodes that select, compare and count. None of them repeats, calls itself, makes a number or reads a clock. */
const NODES = new Set(["path", "name", "wildcard", "descendant", "filter", "block", "condition", "string", "value"]);
const OPERATORS = new Set(["=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "&"]);
const FUNCTIONS = new Set([
  ...["boolean", "contains", "count", "distinct", "exists", "keys", "length", "lookup", "lowercase", "not"],
  ...["substringAfter", "substringBefore", "trim", "uppercase"],
]);

/** Deeper ones could use up the stack, on one machine earlier than on another. */
const MAXIMUM_DEPTH = 32;

/** What JSONata's types leave out of a node. */
type Node = Readonly<Record<string, unknown>>;

/**
 * Whether an expression is one that all operators evaluate alike: JSONata's own numbers are floating point, so that nothing but a count
 * may be one.
 * @throws {Error} that names what is not allowed.
 */
export function checkExpression(text: string): void {
  let depth = 0;
  for (const character of text) {
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (depth > MAXIMUM_DEPTH) throw new Error(`nested more than ${MAXIMUM_DEPTH} deep`);
  }
  checkNode(jsonata(text).ast());
}

function checkNode(value: unknown, isIndex = false): void {
  if (Array.isArray(value)) for (const each of value) checkNode(each);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const node = value as Node;
  for (const key of ["group", "focus", "index", "ancestor", "tuple"]) {
    if (key in node) throw new Error(`${key} is not allowed`);
  }
  if (!isAllowed(node, isIndex)) throw new Error(`${kindOf(node)} is not allowed`);
  if (node["type"] === "filter") {
    checkNode(node["expr"], true);
    return;
  }
  for (const [key, each] of Object.entries(node)) if (key !== "procedure") checkNode(each);
}

function isAllowed(node: Node, isIndex: boolean): boolean {
  const { type, value } = node;
  switch (type) {
    case "number":
      // Numbers of the document are text: compared with a number they would silently differ.
      return isIndex && Number.isSafeInteger(value);
    case "binary":
      return OPERATORS.has(String(value));
    case "unary":
      return value === "[";
    case "variable":
      return value === "" || value === "$";
    case "function": {
      const procedure = node["procedure"] as Node;
      return procedure["type"] === "variable" && FUNCTIONS.has(String(procedure["value"]));
    }
    default:
      return NODES.has(String(type));
  }
}

function kindOf(node: Node): string {
  const name = node["type"] === "function" ? (node["procedure"] as Node)["value"] : node["value"];
  return `${String(node["type"])} ${typeof name === "string" || typeof name === "number" ? name : ""}`.trim();
}
