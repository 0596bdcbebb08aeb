import { z } from "zod";
import { capture } from "../capture.ts";
import type { FetchText, JudgeStatus } from "../fetch-text.ts";
import { declined, type EpochWindow, type SourceReading } from "../reading.ts";
import type { GithubSource } from "./github-source.ts";

/** Most pages of a hundred that are read. What lies beyond would be counted wrong, so that more of them are declined. */
const MAXIMUM_PAGES = 10;

/** A moment as GitHub writes it, in seconds since the Unix epoch. */
const moment = z.iso.datetime().transform((text) => Math.floor(Date.parse(text) / 1_000));

const pull = z.object({ number: z.int(), updated_at: moment, merged_at: moment.nullable() });
const issue = z.object({
  number: z.int(),
  updated_at: moment,
  closed_at: moment.nullable(),
  state_reason: z.string().nullable().optional(),
  /** Only pull requests have it, which this list holds as well. */
  pull_request: z.unknown().optional(),
});
const release = z.object({ id: z.int(), draft: z.boolean(), published_at: moment.nullable() });

/** Something that counts, with the second in which it happened. */
interface Happened {
  readonly id: number;
  readonly at: number;
}

interface Page {
  readonly happened: readonly Happened[];
  /** Whether later pages can hold nothing of the window. */
  readonly isLast: boolean;
}

interface Listing {
  path(window: EpochWindow): string;
  /** @returns undefined where the page is not what the documentation says. */
  parse(page: unknown, window: EpochWindow): Page | undefined;
}

/** Updated last comes first, and nothing is merged or closed after its last update. */
function byUpdate(items: readonly { readonly updated_at: number }[], window: EpochWindow): boolean {
  return items.some((each) => each.updated_at < window.startSeconds);
}

const listings: Readonly<Record<GithubSource["measure"], Listing>> = {
  "merged-pull-requests": {
    path: () => "pulls?state=closed&sort=updated&direction=desc",
    parse: (page, window) => {
      const { data } = z.array(pull).safeParse(page);
      return data && { happened: happenedAt(data, (each) => each.merged_at), isLast: byUpdate(data, window) };
    },
  },
  "completed-issues": {
    path: ({ startSeconds }) =>
      `issues?state=closed&sort=updated&direction=desc&since=${new Date(startSeconds * 1_000).toISOString()}`,
    parse: (page, window) => {
      const { data } = z.array(issue).safeParse(page);
      const completed = data?.filter(
        // Before reasons were recorded, there was none: those count as completed.
        (each) => each.pull_request === undefined && (each.state_reason ?? "completed") === "completed",
      );
      return (
        data &&
        completed && { happened: happenedAt(completed, (each) => each.closed_at), isLast: byUpdate(data, window) }
      );
    },
  },
  releases: {
    path: () => "releases?",
    parse: (page) => {
      const { data } = z.array(release).safeParse(page);
      const published = data
        ?.filter((each) => !each.draft)
        .map(({ id, published_at }) => ({ number: id, published_at }));
      return published && { happened: happenedAt(published, (each) => each.published_at), isLast: false };
    },
  },
};

function happenedAt<Item extends { readonly number: number }>(
  items: readonly Item[],
  at: (item: Item) => number | null,
): readonly Happened[] {
  return items.flatMap((item) => {
    const seconds = at(item);
    return seconds === null ? [] : [{ id: item.number, at: seconds }];
  });
}

/** That GitHub is down or wants to be asked less is not in the project's hands: nobody answered. */
const judgeStatus: JudgeStatus = (status, header) => {
  const isLimited =
    status === 429 ||
    (status === 403 && (header("x-ratelimit-remaining") === "0" || header("retry-after") !== undefined));
  return isLimited || status >= 500 ? "unreachable" : "declined";
};

/** Counts what happened in a GitHub repository from the window's first second to the last before its end. */
export async function readGithub(
  source: GithubSource,
  window: EpochWindow,
  decimals: number,
  fetchText: FetchText,
): Promise<SourceReading> {
  const listing = listings[source.measure];
  const found = new Map<number, number>(); // by id: what is updated while pages are read is seen twice
  for (let page = 1; ; page += 1) {
    if (page > MAXIMUM_PAGES) return declined(`more than ${MAXIMUM_PAGES} pages`);
    const path = listing.path(window);
    const url = `${source.api}/repos/${source.repository}/${path}&per_page=100&page=${page}`.replace("?&", "?");
    const fetched = await fetchText(
      url,
      { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
      judgeStatus,
    );
    if (!fetched.ok) return fetched;
    const parsed = listing.parse(jsonOf(fetched.text), window);
    if (parsed === undefined) return declined(`page ${page} is no list of ${source.measure}`);
    for (const { id, at } of parsed.happened) {
      if (at >= window.startSeconds && at < window.endSeconds) found.set(id, at);
    }
    // Pages are numbered here: an address in the answer would be one that nobody allowed.
    const hasNext = /;\s*rel="next"/.test(fetched.header("link") ?? "");
    if (parsed.isLast || !hasNext) break;
  }
  const evidence = [...found].sort(([a], [b]) => a - b).map(([id, at]) => `${at} ${id}`);
  return { ok: true, value: BigInt(found.size) * 10n ** BigInt(decimals), capture: capture(evidence.join("\n")) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema allows that
  }
}
