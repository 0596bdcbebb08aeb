import { describe, expect, it } from "vitest";
import { readBody } from "./read-body.ts";

/** A request that sends `parts`, and says nothing of its length. */
function streamed(...parts: readonly string[]): Request {
  const body = new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  return new Request("http://store.example", { method: "PUT", body, duplex: "half" });
}

describe("reading a body", () => {
  it.each([
    [["12345"], "12345"],
    [["123", "45"], "12345"],
    [["123456"], undefined],
    [["123", "456"], undefined],
    [[], ""],
  ])("given %j and at most five bytes, it is %j", async (parts, expected) => {
    const bytes = await readBody(streamed(...parts), 5);
    expect(bytes === undefined ? undefined : Buffer.from(bytes).toString()).toBe(expected);
  });

  it.each([
    ["5", "12345"],
    ["6", undefined],
  ])("given a stated length of %s, nothing has to be read to refuse it", async (length, expected) => {
    const request = new Request("http://store.example", {
      method: "PUT",
      body: "12345",
      headers: { "content-length": length },
    });
    const bytes = await readBody(request, 5);
    expect(bytes === undefined ? undefined : Buffer.from(bytes).toString()).toBe(expected);
  });
});
