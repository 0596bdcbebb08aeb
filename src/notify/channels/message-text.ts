import type { Notice } from "../notices/notice.ts";

/** A notice as a person reads it. */
export function messageText({ text, command }: Notice): string {
  return command === null ? text : `${text}\n\nTo run:\n  ${command}`;
}
