import { iTeamsAbi } from "../../chain/abi.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import { asciiWordOf, isAsciiWord } from "../../org/ascii-word.ts";
import { read } from "../../sdk/read.ts";
import type { Session } from "../../sdk/session.ts";

/**
 * A team by its number or its place such as `G1.U1.P3`.
 * @throws {MandateError} `TeamUnknown` where no team stands there.
 */
export async function teamOf(session: Session, text: string): Promise<number> {
  const unknown = (): MandateError =>
    new MandateError("TeamUnknown", `there is no team ${text}`, {
      kind: "input",
      data: { team: text },
      remedy: "Say its number or its place, such as G1.U1.P3: mandate team list shows them.",
    });
  if (/^\d{1,5}$/.test(text)) {
    const count = await read(session, "Teams", iTeamsAbi, "teamCount", []);
    const team = Number(text);
    if (team === 0 || team > count) throw unknown();
    return team;
  }
  if (!isAsciiWord(text)) throw unknown();
  const team = await read(session, "Teams", iTeamsAbi, "teamAt", [asciiWordOf(text)]);
  if (team === 0) throw unknown();
  return team;
}
