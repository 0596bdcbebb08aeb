import { Code, Tooltip } from "@mantine/core";

/** A long hexadecimal name, shortened for the eye; the whole stands in the tooltip and for screen readers. */
export function HexName({ value }: { readonly value: string }) {
  return (
    <Tooltip label={value} multiline maw={560} style={{ overflowWrap: "anywhere" }}>
      <Code aria-label={value} tabIndex={0}>
        {value.slice(0, 8)}…{value.slice(-6)}
      </Code>
    </Tooltip>
  );
}

/** A time of the chain in the reader's own notation. */
export function ChainTime({ seconds }: { readonly seconds: number }) {
  const time = new Date(seconds * 1000);
  return <time dateTime={time.toISOString()}>{time.toLocaleString()}</time>;
}
