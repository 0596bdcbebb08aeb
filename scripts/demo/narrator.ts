/** Tells a person what happens. With `--json` it speaks on standard error: standard output belongs to the result. */
export interface Narrator {
  step(number: number, title: string): void;
  say(text: string): void;
}

export function createNarrator(json: boolean): Narrator {
  const startMs = performance.now();
  const stream = json ? process.stderr : process.stdout;
  const seconds = (): string => `${((performance.now() - startMs) / 1_000).toFixed(0).padStart(3)} s`;
  return {
    step: (number, title) => void stream.write(`\n${seconds()}  ${number}. ${title}\n`),
    say: (text) =>
      void stream.write(
        `${text
          .split("\n")
          .map((line) => `${seconds()}     ${line}`)
          .join("\n")}\n`,
      ),
  };
}
