/** Why setting up stopped. `code` is for programs, `what` and `todo` for people. */
export class SetupProblem extends Error {
  /**
   * @param {"disk-full" | "no-network" | "no-npm" | "no-node" | "no-permission" | "lock-file" | "install" | "build" | "usage"} code
   * @param {{ what: string, todo: string, cause?: unknown }} details
   */
  constructor(code, { what, todo, cause }) {
    super(what, { cause });
    this.name = "SetupProblem";
    this.code = code;
    this.what = what;
    this.todo = todo;
  }
}

/** A signal stopped the setting up. */
export class Interrupted extends Error {
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.name = "Interrupted";
    this.signal = signal;
  }
}

const SIGNS = [
  {
    code: "disk-full",
    pattern: /ENOSPC|no space left on device|EDQUOT/i,
    what: "The disk is full.",
    todo: "Free about 1.5 GB on the disk that holds this folder, then run the same command again.",
  },
  {
    code: "no-network",
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network (request|connectivity)/,
    what: "npm could not reach its package registry.",
    todo: "Check the connection (and `npm config get registry`, `npm config get proxy`), then run the same command again.",
  },
  {
    code: "no-permission",
    pattern: /EACCES|EPERM|EROFS/,
    what: "This folder cannot be written.",
    todo: "Run as the user who owns the folder, or clone it to a place that you may write.",
  },
  {
    code: "lock-file",
    pattern: /EUSAGE|EINTEGRITY|can only install packages when your package\.json and package-lock\.json/,
    what: "package.json and package-lock.json do not fit together.",
    todo: "Take package-lock.json as committed; after changing dependencies run `npm install`, then `node scripts/complete-lock.mjs`.",
  },
];

/**
 * The problem that a failed command's output, or a failed file operation's message, points to.
 *
 * @param {string} output
 * @param {{ code: SetupProblem["code"], what: string, todo: string }} otherwise when the output shows no known sign
 */
export function problemFromOutput(output, otherwise) {
  const sign = SIGNS.find(({ pattern }) => pattern.test(output)) ?? otherwise;
  return new SetupProblem(sign.code, sign);
}
