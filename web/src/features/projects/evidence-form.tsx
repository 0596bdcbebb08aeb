import { FileInput, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";

type EvidenceKind = "git-tag" | "json-assertions" | "file-hash";

const kinds: { readonly value: EvidenceKind; readonly label: string }[] = [
  { value: "json-assertions", label: "Document" },
  { value: "git-tag", label: "Git commit" },
  { value: "file-hash", label: "Files" },
];

async function fileEvidence(files: readonly File[]): Promise<unknown> {
  const contents = await Promise.all(
    files.map(async (file) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
      return { name: file.name, contentBase64: btoa(binary) };
    }),
  );
  return { kind: "file-hash", files: contents };
}

function jsonEvidence(text: string): unknown {
  try {
    return { kind: "json-assertions", document: JSON.parse(text) as unknown };
  } catch {
    return undefined; // not JSON yet: the person is typing
  }
}

function commitEvidence(text: string): unknown {
  return /^[0-9a-f]{40}$/.test(text) ? { kind: "git-tag", commit: text } : undefined;
}

/** Takes the evidence that attestors check, of the kind that the milestone's specification asks for. */
export function EvidenceForm({ onChange }: { readonly onChange: (evidence: unknown) => void }) {
  const [kind, setKind] = useState<EvidenceKind>("json-assertions");
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label="Kind of evidence"
        data={kinds}
        value={kind}
        onChange={(value) => {
          setKind(value);
          onChange(undefined);
        }}
      />
      {kind === "json-assertions" && (
        <Textarea
          label="Evidence document (JSON)"
          autosize
          minRows={4}
          placeholder='{"delivered": true}'
          onChange={(event) => {
            onChange(jsonEvidence(event.currentTarget.value));
          }}
        />
      )}
      {kind === "git-tag" && (
        <TextInput
          label="Commit (40 hexadecimal digits)"
          onChange={(event) => {
            onChange(commitEvidence(event.currentTarget.value.trim()));
          }}
        />
      )}
      {kind === "file-hash" && (
        <FileInput
          label="Delivered files"
          multiple
          onChange={(files) => {
            void fileEvidence(files).then(onChange);
          }}
        />
      )}
    </Stack>
  );
}
