import { Counter, Gauge, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { parseExposition } from "./parse-exposition.ts";

describe("parseExposition", () => {
  it("given what prom-client exposes, it gives every sample with its labels", async () => {
    const registry = new Registry();
    const calls = new Counter({ name: "api_calls_total", help: "calls", labelNames: ["route"], registers: [registry] });
    const load = new Gauge({ name: "load", help: "load", registers: [registry] });
    calls.inc({ route: 'a "quoted"\\ path\nwith, a } line' }, 41);
    calls.inc({ route: "/b" }, 1.5e9);
    load.set(0.25);
    const samples = parseExposition(await registry.metrics());
    expect(samples?.map(({ name, labels, value }) => [name, Object.fromEntries(labels), value])).toEqual([
      ["api_calls_total", { route: 'a "quoted"\\ path\nwith, a } line' }, "41"],
      ["api_calls_total", { route: "/b" }, "1500000000"],
      ["load", {}, "0.25"],
    ]);
  });

  it("given timestamps, blanks and trailing commas, it reads the value", () => {
    const samples = parseExposition('a{x="1",} 2 1700000000000\n\n# HELP b\nb\t3\nc{}4\n');
    expect(samples?.map(({ name, value }) => [name, value])).toEqual([
      ["a", "2"],
      ["b", "3"],
      ["c", "4"],
    ]);
  });

  it.each(["a", "a{x=1} 2", 'a{x="1" 2', 'a{x="1"y="2"} 2', 'a{x="1",x="2"} 2', "9a 1", "a 1 2 3"])(
    "given the malformed line %j, it refuses the whole page",
    (line) => {
      expect(parseExposition(`ok 1\n${line}\n`)).toBeUndefined();
    },
  );
});
