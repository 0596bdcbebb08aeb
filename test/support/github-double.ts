import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

interface Issue {
  readonly number: number;
  readonly updated_at: string;
  readonly closed_at: string | null;
  readonly merged_at?: string | null;
  readonly state_reason?: string | null;
  readonly isPull?: boolean;
}

interface Release {
  readonly id: number;
  readonly draft: boolean;
  readonly created_at: string;
  readonly published_at: string | null;
}

/** What the repository `office/site` holds. As on GitHub, every pull request is an issue as well. */
export interface GithubContent {
  readonly issues: readonly Issue[];
  readonly releases: readonly Release[];
}

export interface GithubDouble {
  readonly url: string;
  content: GithubContent;
  /** Answers every request with this instead, while it is set. */
  refusal: { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | undefined;
  readonly requests: readonly IncomingMessage[];
  stop(): void;
}

/** GitHub's REST interface as its documentation describes it: lists by page with a `link` field, sorted and filtered as asked. */
export async function startGithubDouble(): Promise<GithubDouble> {
  const requests: IncomingMessage[] = [];
  const double = {
    content: { issues: [], releases: [] } as GithubContent,
    refusal: undefined as GithubDouble["refusal"],
  };
  const server: Server = createServer((request, response) => {
    requests.push(request);
    if (double.refusal !== undefined) {
      response.writeHead(double.refusal.status, double.refusal.headers).end('{"message":"refused"}');
      return;
    }
    answer(double.content, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return Object.assign(double, {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

function answer(content: GithubContent, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://double");
  const asked = url.searchParams;
  if (request.headers["user-agent"] === undefined) return void response.writeHead(403).end();
  const list = /^\/repos\/office\/site\/(pulls|issues|releases)$/.exec(url.pathname)?.[1];
  if (list === undefined) return void response.writeHead(404).end('{"message":"Not Found"}');
  const all =
    list === "releases" ? [...content.releases].sort(descending("created_at")) : issuesOf(content, list, asked);
  const size = Math.min(Number(asked.get("per_page") ?? 30), 100);
  const page = Number(asked.get("page") ?? 1);
  if (page * size < all.length) {
    const next = new URL(`http://elsewhere.example${url.pathname}`); // who follows it, leaves
    for (const [name, value] of asked) next.searchParams.set(name, value);
    next.searchParams.set("page", String(page + 1));
    response.setHeader("link", `<${next.href}>; rel="next", <${next.href}>; rel="last"`);
  }
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(all.slice((page - 1) * size, page * size)));
}

function issuesOf(content: GithubContent, list: string, asked: URLSearchParams): readonly unknown[] {
  const since = Date.parse(asked.get("since") ?? "1970-01-01T00:00:00Z");
  const found = content.issues
    .filter((each) => (list === "pulls" ? each.isPull === true : Date.parse(each.updated_at) >= since))
    .filter((each) => asked.get("state") !== "closed" || each.closed_at !== null);
  const sorted =
    asked.get("sort") === "updated" && asked.get("direction") === "desc"
      ? [...found].sort(descending("updated_at"))
      : found;
  return sorted.map(({ isPull, merged_at, ...issue }) => ({
    title: `issue ${issue.number}`,
    ...issue,
    ...(list === "pulls" ? { merged_at: merged_at ?? null } : isPull === true ? { pull_request: { url: "…" } } : {}),
  }));
}

function descending<Key extends string>(
  key: Key,
): (a: Readonly<Record<Key, string>>, b: Readonly<Record<Key, string>>) => number {
  return (a, b) => Date.parse(b[key]) - Date.parse(a[key]);
}
