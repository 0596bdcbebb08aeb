/** A row that is protected: the table within the schema `data`, and the row's id. */
export interface Resource {
  readonly uri: string;
  readonly table: "records";
  readonly id: string;
}

export type ResourceParse =
  | { readonly known: true; readonly resource: Resource }
  | { readonly known: false; readonly reason: "not-a-resource" | "table-unknown" };

/** Reads `postgres://<table>/<id>`; the id is taken as it stands, without any decoding. Pure. */
export function parseResource(uri: string): ResourceParse {
  const match = /^postgres:\/\/([a-z_]+)\/([^\s/?#]{1,200})$/.exec(uri);
  if (match === null) return { known: false, reason: "not-a-resource" };
  const [, table, id] = match;
  if (table !== "records" || id === undefined) return { known: false, reason: "table-unknown" };
  return { known: true, resource: { uri, table, id } };
}
