/** What finding a block asks of a chain; numbers are block numbers, times seconds. */
export interface BlockTimes {
  readonly latest: number;
  timestampOf(number: number): Promise<number>;
}

/**
 * The last block before `endSeconds`: the state in which an epoch closed. All operators find the same one, whatever they
 * have seen before. Timestamps never descend, so a binary search finds it.
 * @returns undefined where block `from` is not before the end.
 */
export async function closingBlock(times: BlockTimes, from: number, endSeconds: number): Promise<number | undefined> {
  if ((await times.timestampOf(from)) >= endSeconds) return undefined;
  let before = from;
  let after = times.latest + 1;
  // The end is usually a few blocks back: steps that double find it faster than halving the whole chain.
  for (let step = 1; after - step > before; step *= 2) {
    const probe = after - step;
    if ((await times.timestampOf(probe)) < endSeconds) {
      before = probe;
      break;
    }
    after = probe;
  }
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if ((await times.timestampOf(middle)) < endSeconds) before = middle;
    else after = middle;
  }
  return before;
}
