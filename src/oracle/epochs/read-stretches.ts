export interface Stretches {
  /** Items are numbered from 0 to before `count`. */
  readonly count: number;
  /** How many are read at once where nobody refuses it. */
  readonly size: number;
  /** How many stretches are read at the same time. */
  readonly lanes: number;
  /** Reads the items from `start` to before `end`. */
  readonly read: (start: number, end: number) => Promise<void>;
}

/**
 * Reads many items in stretches, and in shorter ones once a stretch fails: endpoints bound what they answer, and none says how. Where a
 * single item fails as well, it is not for the length: that error is the caller's.
 */
export async function readStretches({ count, size, lanes, read }: Stretches): Promise<void> {
  let longest = size;
  let next = 0;
  let isOver = false;
  const finish = async (from: number, end: number): Promise<void> => {
    for (let start = from; start < end && !isOver;) {
      const to = Math.min(end, start + longest);
      try {
        await read(start, to);
        start = to;
      } catch (error) {
        if (to - start === 1) throw error;
        await read(start, start + 1);
        longest = Math.min(longest, Math.floor((to - start) / 2));
        start += 1;
      }
    }
  };
  const lane = async (): Promise<void> => {
    while (next < count && !isOver) {
      const start = next;
      const end = Math.min(count, start + longest);
      next = end;
      await finish(start, end);
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    isOver = true;
  }
}
