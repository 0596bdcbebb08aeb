import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { createProgram } from "./program.ts";

function leaves(command: Command, path: string): { path: string; command: Command }[] {
  const own = path === "" ? command.name() : `${path} ${command.name()}`;
  if (command.commands.length === 0) return [{ path: own, command }];
  return command.commands.flatMap((each) => leaves(each, own));
}

const commands = leaves(await createProgram(), "");

describe("the program", () => {
  it("loads one noun where it is named, and every one where it is not known", async () => {
    const named = async (noun?: string) => (await createProgram(noun)).commands.map((each) => each.name());
    expect(await named("pool")).toEqual(["pool"]);
    expect(await named("toString")).toEqual(await named());
    expect((await named()).length).toBeGreaterThan(20);
  });

  it.each(commands.map(({ path }) => path))("%s says what it does, and each of its options what it is for", (path) => {
    const command = commands.find((each) => each.path === path)?.command;
    expect(command?.description()).toMatch(/\S/);
    for (const option of command?.options ?? []) expect(option.description, option.flags).toMatch(/\S/);
  });

  it("every noun's help has an example, or its verbs' have", async () => {
    for (const noun of (await createProgram()).commands) {
      let text = "";
      for (const each of [noun, ...noun.commands]) {
        each.configureOutput({ writeOut: (part) => (text += part) });
        each.outputHelp();
      }
      expect(text, noun.name()).toContain("$ mandate ");
    }
  });
});
