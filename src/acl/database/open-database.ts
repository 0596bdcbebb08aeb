import type pg from "pg";
import { openPool } from "../../chain/hosting/open-pool.ts";
import { dropProjection, ProjectionStore } from "../../chain/projection/store.ts";
import { aclMigrations, aclSchema, grantPrivileges } from "./privileges.ts";
import { aclRoles, createRoles, urlAs, type AclRoles } from "./roles.ts";

/** The gateway's database, set up: one pool for each role, so that no code can do another's work. */
export interface AclDatabase {
  readonly roles: AclRoles;
  readonly store: ProjectionStore;
  /** Mirrors, and maintains rows. */
  readonly owner: pg.Pool;
  readonly signIn: pg.Pool;
  /** Serves readers. */
  readonly gateway: pg.Pool;
  readonly gatewayUrl: string;
  close(): Promise<void>;
}

export interface AclDatabaseOptions {
  readonly url: string | undefined;
  readonly rolePrefix: string;
  readonly chainId: number;
  readonly fromBlock: bigint;
  readonly maximumLagSeconds: number;
  readonly connections: number;
  readonly rebuild: boolean;
  readonly onLost: (error: Error) => void;
}

/** Creates roles, schemas and privileges where they are missing, and opens a pool as each role. */
export async function openAclDatabase(options: AclDatabaseOptions): Promise<AclDatabase> {
  const { onLost } = options;
  const roles = aclRoles(options.rolePrefix);
  const admin = openPool({ url: options.url, name: "mandate-acl-setup", connections: 1, onLost });
  const pools: pg.Pool[] = [admin];
  const open = (url: string, name: string, connections: number): pg.Pool => {
    const pool = openPool({ url, name, connections, onLost });
    pools.push(pool);
    return pool;
  };
  try {
    const credentials = await createRoles(admin, roles);
    const urlOf = (kind: keyof AclRoles): string => urlAs(options.url ?? "", roles[kind], credentials[kind]);
    const owner = open(urlOf("owner"), "mandate-acl-mirror", 3);
    if (options.rebuild) await dropProjection(owner, aclSchema);
    const store = await ProjectionStore.open({
      pool: owner,
      schema: aclSchema,
      chainId: options.chainId,
      fromBlock: options.fromBlock,
      migrations: aclMigrations,
    });
    await owner.query(
      `INSERT INTO acl.setting (maximum_lag_seconds) VALUES ($1)
       ON CONFLICT (single) DO UPDATE SET maximum_lag_seconds = excluded.maximum_lag_seconds`,
      [options.maximumLagSeconds],
    );
    await grantPrivileges(owner, roles);
    await admin.end(); // from here on nothing can do more than its own role
    pools.splice(pools.indexOf(admin), 1);
    return {
      roles,
      store,
      owner,
      signIn: open(urlOf("signIn"), "mandate-acl-sign-in", 2),
      gateway: open(urlOf("gateway"), "mandate-acl-gateway", options.connections),
      gatewayUrl: urlOf("gateway"),
      close: async () => {
        await Promise.all(pools.map((pool) => pool.end()));
      },
    };
  } catch (thrown) {
    await Promise.all(pools.map((pool) => pool.end()));
    throw thrown;
  }
}
