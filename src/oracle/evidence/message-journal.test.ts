import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { documentHash } from "../../core/documents/document-hash.ts";
import type { SignedMessage } from "../agreement/message.ts";
import { MessageJournal, parseJournal } from "./message-journal.ts";

const message = (number: number): SignedMessage => ({
  message: {
    kind: "prepare",
    epoch: 5,
    operator: `0x${"22".repeat(20)}`,
    view: 0,
    digest: documentHash(String(number)),
  },
  envelope: `0x${number.toString(16).padStart(130, "0")}`,
});

let directory: string;
let path: string;
const failures: Error[] = [];
const open = (): MessageJournal => new MessageJournal(path, (error) => failures.push(error));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mandate-journal-"));
  path = join(directory, "5", "messages.ndjson");
  failures.length = 0;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a journal of messages", () => {
  it("given messages, it gives them back in their order, each once, to whoever opens it next", async () => {
    const journal = open();
    for (const each of [message(1), message(2), message(1)]) journal.append(each);
    expect(journal.messages).toEqual([message(1), message(2)]);
    await journal.close();
    const next = open();
    next.append(message(2));
    next.append(message(3));
    expect(next.messages).toEqual([message(1), message(2), message(3)]);
    await next.close();
    expect(parseJournal(readFileSync(path, "utf8"))).toEqual([message(1), message(2), message(3)]);
    expect(failures).toEqual([]);
  });

  it("given a last line that a loss of power cut off, it goes on after the line before it", async () => {
    const first = open();
    first.append(message(1));
    await first.close();
    appendFileSync(path, JSON.stringify(message(2)).slice(0, 40));
    const second = open();
    expect(second.messages).toEqual([message(1)]);
    second.append(message(3));
    await second.close();
    expect(parseJournal(readFileSync(path, "utf8"))).toEqual([message(1), message(3)]);
  });

  it("given a line that is no message, it leaves it out and keeps the others", () => {
    mkdirSync(join(directory, "5"));
    writeFileSync(path, `${JSON.stringify(message(1))}\nno json\n{"message":{}}\n\n${JSON.stringify(message(2))}\n`);
    expect(open().messages).toEqual([message(1), message(2)]);
  });

  it("given a moment, it keeps the first of its name with what came before it, for whoever opens it next, and it is no message", async () => {
    const journal = open();
    journal.append(message(1));
    journal.mark("hearing-ended", 70);
    journal.append(message(2));
    journal.mark("hearing-ended", 80);
    journal.mark("quorum", 90);
    await journal.close();
    journal.mark("quorum", 60);
    const next = open();
    next.mark("quorum", 100);
    for (const each of [journal, next]) {
      expect(each.marked("hearing-ended")).toEqual({ chainSeconds: 70, messages: 1 });
      expect(each.marked("quorum")).toEqual({ chainSeconds: 90, messages: 2 });
    }
    await next.close();
    expect(next.messages).toEqual([message(1), message(2)]);
    expect(parseJournal(readFileSync(path, "utf8"))).toEqual([message(1), message(2)]);
    expect(open().marked("quorum")).toEqual({ chainSeconds: 90, messages: 2 });
  });

  it("given no moment, or one that is damaged, there is none", () => {
    mkdirSync(join(directory, "5"));
    writeFileSync(
      path,
      `{"mark":"quorum"}\n{"mark":"another","chainSeconds":1}\n{"mark":"quorum","chainSeconds":-1}\n`,
    );
    expect(open().marked("quorum")).toBeUndefined();
    expect(open().marked("hearing-ended")).toBeUndefined();
  });

  it("given that it was closed, it keeps nothing more, and closing it again does no harm", async () => {
    const journal = open();
    journal.append(message(1));
    const closed = journal.close();
    journal.append(message(2));
    await closed;
    await journal.close();
    expect(parseJournal(readFileSync(path, "utf8"))).toEqual([message(1)]);
  });

  it("iOP-015: given kill -9 in the middle of appending, everything that was appended is there afterwards", async () => {
    const module = pathToFileURL(join(import.meta.dirname, "message-journal.ts")).href;
    const program = `
      import { MessageJournal } from ${JSON.stringify(module)};
      const journal = new MessageJournal(${JSON.stringify(path)}, (error) => { throw error; });
      for (let number = 1; ; number += 1) {
        const envelope = "0x" + number.toString(16).padStart(130, "0");
        journal.append({ message: { ...${JSON.stringify(message(0).message)}, view: number % 10000 }, envelope });
        process.stdout.write(number + "\\n");
        if (number % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    let appended = 0;
    createInterface({ input: child.stdout }).on("line", (line) => {
      appended = Number(line);
      if (appended === 200) child.kill("SIGKILL");
    });
    await ended;
    expect(appended).toBeGreaterThanOrEqual(200);
    const journal = open();
    expect(journal.messages.length).toBeGreaterThanOrEqual(appended);
    expect(journal.messages.map(({ envelope }) => Number(envelope)).slice(0, appended)).toEqual(
      Array.from({ length: appended }, (_, index) => index + 1),
    );
  });
});
