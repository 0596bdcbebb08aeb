import { hexOf } from "../../core/hex.ts";
import { keccak256 } from "../../core/keccak.ts";
import { notMet, type Evidence, type EvidenceVerdict } from "./evidence.ts";
import type { FileHashSpecification } from "./specification.ts";

type Files = Extract<Evidence, { kind: "file-hash" }>["files"];

/** Checks that the delivered files are the specified ones: none missing, none besides. */
export function checkFileHash(specification: FileHashSpecification, files: Files): EvidenceVerdict {
  const delivered = new Map(files.map(({ name, contentBase64 }) => [name, Buffer.from(contentBase64, "base64")]));
  if (delivered.size !== files.length) return notMet("a file name occurs twice");
  for (const { name, keccak256: expected } of specification.files) {
    const content = delivered.get(name);
    if (content === undefined) return notMet(`${name} is missing`);
    const actual = hexOf(keccak256(content));
    if (actual !== expected) return notMet(`${name} has the hash ${actual}, not ${expected}`);
  }
  if (delivered.size !== specification.files.length)
    return notMet("a file is delivered that the specification does not name");
  return { met: true, manifest: { kind: "file-hash", files: specification.files } };
}
