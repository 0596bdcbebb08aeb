import { signedTypes, type SignedTypeName } from "./signed-types.ts";

function isSignedTypeName(name: string): name is SignedTypeName {
  return name in signedTypes;
}

function collect(name: SignedTypeName, found: Set<SignedTypeName>): void {
  if (found.has(name)) return;
  found.add(name);
  for (const { type } of signedTypes[name]) {
    const element = type.replace(/\[\]$/, "");
    if (isSignedTypeName(element)) collect(element, found);
  }
}

/** EIP-712 `encodeType`: the message's own type first, then the types it refers to in alphabetical order. */
export function encodeType(name: SignedTypeName): string {
  const found = new Set<SignedTypeName>();
  collect(name, found);
  found.delete(name);
  return [name, ...[...found].sort()]
    .map((each) => `${each}(${signedTypes[each].map((field) => `${field.type} ${field.name}`).join(",")})`)
    .join("");
}
