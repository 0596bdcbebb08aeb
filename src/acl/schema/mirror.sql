-- The authority's permissions to read data, as its events tell them. Addresses are lower-case hexadecimal text.
-- Whether a permission has effect is decided when it is read (decisions.sql); nothing here expires by itself.

CREATE TABLE target (
  id text PRIMARY KEY,
  closed boolean NOT NULL
);

-- By which role the reading of a resource is reached; administrators' (0) where there is no row.
CREATE TABLE action (
  target text PRIMARY KEY,
  role numeric NOT NULL
);

CREATE TABLE role_member (
  role numeric NOT NULL,
  account text NOT NULL,
  -- Seconds since the Unix epoch, on the chain's clock.
  since bigint NOT NULL,
  -- Execution delay in seconds: the former one, and the one that applies from `delay_from` on.
  former_delay bigint NOT NULL,
  delay bigint NOT NULL,
  delay_from bigint NOT NULL,
  PRIMARY KEY (role, account)
);

CREATE TABLE task (
  id bigint PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('open', 'completed', 'failed')),
  team int NOT NULL
);

-- What the catalog says about the reading of a resource; unlisted where there is no row.
CREATE TABLE action_facts (
  target text PRIMARY KEY,
  -- As IAuthorityLimits.ImpactKind counts them.
  impact int NOT NULL,
  scope int NOT NULL,
  -- In percent.
  reversibility int NOT NULL
);

-- What a team may do by itself; nothing where there is no row.
CREATE TABLE team_limits (
  team int PRIMARY KEY,
  -- Bit set.
  scopes bigint NOT NULL,
  min_reversibility int NOT NULL
);

-- The latest grant to read a resource, as the authority keeps one for each grantee and action.
CREATE TABLE read_grant (
  grantee text NOT NULL,
  target text NOT NULL,
  task bigint NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  -- 0 where calls are not counted.
  uses int NOT NULL,
  -- Impact that it allows; 0 where it has no cap of its own.
  cap bigint NOT NULL,
  ended boolean NOT NULL,
  PRIMARY KEY (grantee, target)
);

CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON target FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON action FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON role_member FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON task FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON action_facts FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON team_limits FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON read_grant FOR EACH ROW EXECUTE FUNCTION remember();

-- What follows does not come from the chain.

CREATE TABLE setting (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  maximum_lag_seconds int NOT NULL CHECK (maximum_lag_seconds > 0)
);

-- Only the hash of a session's token is kept: who reads this table can act as nobody.
CREATE TABLE session (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  account text NOT NULL CHECK (account ~ '^0x[0-9a-f]{40}$'),
  expires_at timestamptz NOT NULL
);
CREATE INDEX session_expiry ON session (expires_at);

-- The address that stands for a resource in the authority. A resource without a row can be read by nobody.
CREATE TABLE resource (
  uri text PRIMARY KEY,
  target text NOT NULL UNIQUE CHECK (target ~ '^0x[0-9a-f]{40}$')
);

-- Resources that wait for their address, which takes a Keccak-256 that PostgreSQL does not have.
CREATE TABLE unregistered (
  uri text PRIMARY KEY
);
