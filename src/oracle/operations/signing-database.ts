import { existsSync } from "node:fs";
import { addressOf } from "../../chain/hosting/configured-account.ts";
import { MandateError } from "../../core/errors/mandate-error.ts";
import type { Hex } from "../../core/hex.ts";
import type { OperatorConfiguration } from "../configuration/operator-configuration.ts";
import { statementDatabasePath } from "../run-operator.ts";
import { lockDataDirectory } from "../signing/data-directory-lock.ts";
import { openStatementDatabase } from "../signing/statement-database.ts";
import { parseInterchange, type StatementInterchange, type StatementScope } from "../signing/statement-interchange.ts";

/** What an import has changed. */
export interface ImportedStatements {
  readonly operator: Hex;
  readonly watermark: number;
  readonly statements: number;
  /** Statements that were not known here. */
  readonly added: number;
}

/**
 * What this operator has signed. Only while it does not run: what it signs a moment later would be missing in the file.
 * @throws {MandateError} `OperatorAlreadyRunning`, `SigningDatabaseMissing`, what {@link addressOf} throws.
 */
export async function exportSigningDatabase(configuration: OperatorConfiguration): Promise<StatementInterchange> {
  const scope = await scopeOf(configuration);
  const path = statementDatabasePath(configuration.data);
  if (!existsSync(path)) {
    throw new MandateError("SigningDatabaseMissing", `there is no signing database in ${configuration.data}`, {
      kind: "input",
      data: { path },
      remedy: "Name the configuration with which the operator ran, on the machine on which it did.",
    });
  }
  const lock = lockDataDirectory(configuration.data);
  try {
    const database = openStatementDatabase(path, scope);
    const { watermark, statements } = database.history();
    database.close();
    return { kind: "mandate.signing-database/1", ...scope, watermark, statements: [...statements] };
  } finally {
    lock.release();
  }
}

/**
 * Takes over what this operator has signed on another machine; all of the file or nothing.
 * @throws {MandateError} `OperatorAlreadyRunning`, `InterchangeInvalid`, `InterchangeForAnother`, `InterchangeContradicts`, what
 * {@link addressOf} throws.
 */
export async function importSigningDatabase(
  configuration: OperatorConfiguration,
  text: string,
): Promise<ImportedStatements> {
  const scope = await scopeOf(configuration);
  const file = parseInterchange(text, scope);
  const lock = lockDataDirectory(configuration.data);
  try {
    const database = openStatementDatabase(statementDatabasePath(configuration.data), scope);
    try {
      const added = database.merge(file);
      return { operator: scope.operator, watermark: file.watermark, statements: file.statements.length, added };
    } finally {
      database.close();
    }
  } finally {
    lock.release();
  }
}

async function scopeOf({ chainId, oracle, keys }: OperatorConfiguration): Promise<StatementScope> {
  const address = await addressOf(keys.signing);
  return { chainId, contract: oracle, operator: `0x${address.slice(2).toLowerCase()}` };
}
