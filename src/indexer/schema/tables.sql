-- What the organization looks like at the head of the followed chain. One row an aggregate, keyed by `id`; everything that
-- time alone decides (expiry, lapse, effect of a grant) is derived on read and stands nowhere here.
-- Addresses and hashes are lower-case hexadecimal text; amounts are base units.

CREATE DOMAIN address AS text CHECK (VALUE ~ '^0x[0-9a-f]{40}$');
CREATE DOMAIN bytes32 AS text CHECK (VALUE ~ '^0x[0-9a-f]{64}$');
CREATE DOMAIN amount AS numeric CHECK (VALUE >= 0 AND scale(VALUE) = 0);

CREATE TABLE event (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contract address NOT NULL,
  name text NOT NULL,
  args jsonb NOT NULL,
  cause bytes32,
  anchor address,
  -- What it is about.
  entity text NOT NULL,
  entity_id text NOT NULL,
  block_number bigint NOT NULL,
  block_hash bytes32 NOT NULL,
  block_timestamp bigint NOT NULL,
  transaction_hash bytes32 NOT NULL,
  log_index int NOT NULL,
  UNIQUE (block_hash, log_index)
);
CREATE INDEX event_entity ON event (entity, entity_id, seq);

CREATE TABLE contract (
  id address PRIMARY KEY,
  kind bytes32 NOT NULL,
  code_hash bytes32 NOT NULL,
  registered_at bigint NOT NULL
);

CREATE TABLE asset (
  id address PRIMARY KEY,
  allowed boolean NOT NULL
);

CREATE TABLE pool (
  id bytes32 PRIMARY KEY,
  vault address NOT NULL,
  name bytes32 NOT NULL,
  steward address NOT NULL,
  anchor address NOT NULL,
  opened_at bigint NOT NULL,
  -- Base units by asset, as decimal text.
  balances jsonb NOT NULL
);

CREATE TABLE project (
  id bytes32 PRIMARY KEY,
  vault address NOT NULL,
  status text NOT NULL CHECK (status IN ('proposed', 'active', 'closed', 'reclaimed')),
  plan jsonb NOT NULL,
  payee_accepted boolean NOT NULL,
  anchor_accepted boolean NOT NULL,
  -- The pool that its money was committed from; null where a wallet paid, or before it is funded.
  funded_from bytes32,
  paid_through bigint NOT NULL,
  last_proved_report bigint NOT NULL,
  score amount,
  missing int NOT NULL,
  -- Per milestone: {status, proof, payment}; terms are the plan's.
  milestones jsonb NOT NULL,
  opened_at bigint NOT NULL
);

-- Owed to an account whose push failed.
CREATE TABLE claim (
  id text PRIMARY KEY, -- payee/asset
  amount amount NOT NULL
);

CREATE TABLE attestor_set (
  id text PRIMARY KEY, -- set/version
  threshold int NOT NULL,
  owner address NOT NULL,
  attestors jsonb NOT NULL,
  revoked jsonb NOT NULL
);

CREATE TABLE operator_set (
  id text PRIMARY KEY, -- oracle/configuration
  from_epoch bigint NOT NULL,
  operators jsonb NOT NULL
);

CREATE TABLE report (
  id text PRIMARY KEY, -- oracle/index
  oracle address NOT NULL,
  index bigint NOT NULL,
  epoch bigint NOT NULL,
  root bytes32 NOT NULL,
  configuration bigint NOT NULL,
  threshold amount NOT NULL,
  next_threshold amount NOT NULL,
  leaf_count bigint NOT NULL,
  scored bigint NOT NULL,
  surviving bigint NOT NULL,
  accepted_at bigint NOT NULL,
  manifest bytes32 NOT NULL,
  digest bytes32 NOT NULL,
  signers amount NOT NULL,
  transaction_hash bytes32 NOT NULL
);
CREATE INDEX report_latest ON report (oracle, index DESC);

CREATE TABLE fork (
  id bytes32 PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('open', 'merged', 'archived')),
  parent_pool bytes32 NOT NULL,
  asset address NOT NULL,
  deadline bigint NOT NULL,
  anchor address NOT NULL,
  winner int,
  -- Per branch: {pool, steward, budget, strategy, swept}.
  branches jsonb NOT NULL,
  -- Id of the vote that was proposed last.
  proposal text,
  opened_at bigint NOT NULL
);

CREATE TABLE proposal (
  id text PRIMARY KEY, -- governor/number
  proposer address NOT NULL,
  vote_start bigint NOT NULL,
  vote_end bigint NOT NULL,
  executed boolean NOT NULL,
  -- Votes by branch, as decimal text.
  votes jsonb NOT NULL
);

CREATE TABLE member (
  id address PRIMARY KEY,
  seats amount NOT NULL
);

CREATE TABLE anchor (
  id address PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('enrolled', 'accepted', 'removed')),
  identity bytes32 NOT NULL,
  live_until bigint NOT NULL
);

CREATE TABLE task (
  id text PRIMARY KEY, -- its number
  status text NOT NULL CHECK (status IN ('open', 'completed', 'failed')),
  opener address NOT NULL,
  anchor address NOT NULL,
  deadline bigint NOT NULL,
  purpose bytes32 NOT NULL,
  opened_at bigint NOT NULL,
  ended_at bigint
);

CREATE TABLE task_grant (
  id text PRIMARY KEY, -- task/grantee/target/selector
  task bigint NOT NULL,
  grantee address NOT NULL,
  target address NOT NULL,
  selector text NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  uses int NOT NULL,
  granter address NOT NULL,
  -- How it ended before its time; null where it did not.
  ended text CHECK (ended IN ('ended', 'used-up'))
);
CREATE INDEX task_grant_task ON task_grant (task);

DO $$
DECLARE
  entity text;
BEGIN
  FOREACH entity IN ARRAY ARRAY['event', 'contract', 'asset', 'pool', 'project', 'claim', 'attestor_set', 'operator_set',
    'report', 'fork', 'proposal', 'member', 'anchor', 'task', 'task_grant'] LOOP
    EXECUTE format('CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION remember()', entity);
  END LOOP;
END
$$;
