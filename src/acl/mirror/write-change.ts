import type pg from "pg";
import type { PermissionChange } from "./permission-change.ts";

function statementOf(change: PermissionChange): { text: string; values: unknown[] } {
  switch (change.kind) {
    case "target-closed":
      return {
        text: "INSERT INTO target VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET closed = excluded.closed",
        values: [change.target, change.closed],
      };
    case "action-role":
      return {
        text: "INSERT INTO action VALUES ($1, $2) ON CONFLICT (target) DO UPDATE SET role = excluded.role",
        values: [change.target, change.role],
      };
    case "role-granted":
      return {
        text: `INSERT INTO role_member VALUES ($1, $2, $3, $4, $4, $3)
               ON CONFLICT (role, account) DO UPDATE SET since = excluded.since, former_delay = excluded.former_delay,
                 delay = excluded.delay, delay_from = excluded.delay_from`,
        values: [change.role, change.account, change.since, change.delay],
      };
    case "role-delay":
      // Where the former change has not taken effect yet, the longer of its two delays is kept: against the member.
      return {
        text: `UPDATE role_member SET former_delay = greatest(former_delay, delay), delay = $3, delay_from = $4
               WHERE role = $1 AND account = $2`,
        values: [change.role, change.account, change.delay, change.from],
      };
    case "role-revoked":
      return {
        text: "DELETE FROM role_member WHERE role = $1 AND account = $2",
        values: [change.role, change.account],
      };
    case "task-opened":
      return { text: "INSERT INTO task VALUES ($1, 'open', $2)", values: [change.task, change.team] };
    case "task-ended":
      return { text: "UPDATE task SET status = $2 WHERE id = $1", values: [change.task, change.status] };
    case "action-facts":
      return {
        text: `INSERT INTO action_facts VALUES ($1, $2, $3, $4)
               ON CONFLICT (target) DO UPDATE SET impact = excluded.impact, scope = excluded.scope,
                 reversibility = excluded.reversibility`,
        values: [change.target, change.impact, change.scope, change.reversibility],
      };
    case "team-limits":
      return {
        text: `INSERT INTO team_limits VALUES ($1, $2, $3)
               ON CONFLICT (team) DO UPDATE SET scopes = excluded.scopes, min_reversibility = excluded.min_reversibility`,
        values: [change.team, change.scopes, change.minReversibility],
      };
    case "grant":
      return {
        text: `INSERT INTO read_grant VALUES ($1, $2, $3, $4, $5, $6, $7, false)
               ON CONFLICT (grantee, target) DO UPDATE SET task = excluded.task, not_before = excluded.not_before,
                 not_after = excluded.not_after, uses = excluded.uses, cap = excluded.cap, ended = false`,
        values: [
          change.grantee,
          change.target,
          change.task,
          change.notBefore,
          change.notAfter,
          change.uses,
          change.cap,
        ],
      };
    case "grant-ended":
      return {
        text: "UPDATE read_grant SET ended = true WHERE grantee = $1 AND target = $2 AND task = $3",
        values: [change.grantee, change.target, change.task],
      };
  }
}

/** Writes one change within a block's transaction. */
export async function writeChange(tx: pg.PoolClient, change: PermissionChange): Promise<void> {
  await tx.query(statementOf(change));
}
