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
  vault address NOT NULL,
  allowed boolean NOT NULL
);

-- The last trip of an asset, and of an oracle: tripped or half open is derived on read. `tripped_until` is null once it was reset.
CREATE TABLE asset_safety (
  id address PRIMARY KEY,
  vault address NOT NULL,
  trips bigint NOT NULL,
  tripped_at bigint NOT NULL,
  tripped_until bigint,
  cause bytes32 NOT NULL,
  anchor address NOT NULL,
  reset_at bigint
);

CREATE TABLE ruling (
  id address PRIMARY KEY,
  vault address NOT NULL,
  trip bigint NOT NULL,
  share amount NOT NULL,
  cause bytes32 NOT NULL,
  since bigint NOT NULL
);

CREATE TABLE oracle_safety (
  id address PRIMARY KEY,
  tripped_at bigint NOT NULL,
  tripped_until bigint,
  cause bytes32 NOT NULL,
  anchor address NOT NULL,
  reset_at bigint,
  -- What it was tripped by, with the leaves of the report before; null where a guardian tripped it.
  report jsonb
);

-- Shares with 18 decimals, where 0 is no limit; seconds.
CREATE TABLE vault_limits (
  id address PRIMARY KEY, -- the vault
  outflow_share amount NOT NULL,
  reclaim_share amount NOT NULL,
  reclaim_window bigint NOT NULL,
  trip_seconds bigint NOT NULL,
  enclave_share amount NOT NULL,
  since bigint NOT NULL
);

CREATE TABLE pool (
  id bytes32 PRIMARY KEY,
  vault address NOT NULL,
  name bytes32 NOT NULL,
  steward address NOT NULL,
  anchor address NOT NULL,
  opened_at bigint NOT NULL,
  closed_at bigint,
  -- Base units by asset, as decimal text.
  balances jsonb NOT NULL
);

CREATE TABLE project (
  id bytes32 PRIMARY KEY,
  vault address NOT NULL,
  status text NOT NULL CHECK (status IN ('proposed', 'active', 'closed', 'reclaimed', 'cancelled')),
  plan jsonb NOT NULL,
  payee_accepted boolean NOT NULL,
  anchor_accepted boolean NOT NULL,
  -- The pool that its money was committed from; null where a wallet paid, or before it is funded.
  funded_from bytes32,
  paid_through bigint NOT NULL,
  last_proved_report bigint NOT NULL,
  score amount,
  -- What waits in quarantine: a sudden rise, until the next report confirms it.
  risen_to amount,
  missing int NOT NULL,
  -- Per milestone: {status, proof, coSigned (a list), payment}; terms are the plan's.
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
  revoked jsonb NOT NULL,
  active_from bigint NOT NULL, -- seconds
  successor text -- set/version
);

CREATE TABLE operator_set (
  id text PRIMARY KEY, -- oracle/configuration
  from_epoch bigint NOT NULL,
  operators jsonb NOT NULL
);

CREATE TABLE ruleset (
  id text PRIMARY KEY, -- oracle/block/log index
  oracle address NOT NULL,
  hash bytes32 NOT NULL,
  from_epoch bigint NOT NULL,
  anchor address NOT NULL,
  scheduled_at bigint NOT NULL,
  block bigint NOT NULL,
  log_index int NOT NULL
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

-- Periods that a review calendar began: what enclaves have in the place of reports.
CREATE TABLE review_period (
  id text PRIMARY KEY, -- calendar/index
  calendar address NOT NULL,
  index bigint NOT NULL,
  period bigint NOT NULL,
  begun_at bigint NOT NULL
);
CREATE INDEX review_period_latest ON review_period (calendar, index DESC);

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
  live_until bigint NOT NULL,
  -- Number of enrolments.
  term bigint NOT NULL,
  -- Counts while its enrolment is number `substitute_term`.
  substitute address,
  substitute_term bigint NOT NULL
);

CREATE TABLE team (
  id text PRIMARY KEY, -- its number
  place bytes32 NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'closed')),
  anchor address NOT NULL,
  tier int NOT NULL,
  -- Per tier: {maxImpact, scopes, minReversibility}.
  cones jsonb NOT NULL,
  -- Numbers of teams, the root last.
  path jsonb NOT NULL,
  path_version bigint NOT NULL,
  triggers int NOT NULL,
  version bigint NOT NULL,
  reason bytes32 NOT NULL,
  opened_at bigint NOT NULL,
  closed_at bigint
);

CREATE TABLE team_path (
  id text PRIMARY KEY, -- team/version of the path
  path jsonb NOT NULL
);

-- What the authority enforces; impact in units of account with 4 decimals.
CREATE TABLE team_limits (
  id text PRIMARY KEY, -- the team's number
  anchor address NOT NULL,
  max_impact bigint NOT NULL,
  scopes bigint NOT NULL,
  min_reversibility int NOT NULL
);

CREATE TABLE team_member (
  id text PRIMARY KEY, -- team/account
  team int NOT NULL,
  account address NOT NULL,
  since bigint NOT NULL,
  until bigint
);

CREATE TABLE parameter (
  id bytes32 PRIMARY KEY,
  stricter text NOT NULL CHECK (stricter IN ('lower', 'higher')),
  kernel boolean NOT NULL,
  cone boolean NOT NULL,
  minimum amount NOT NULL,
  maximum amount NOT NULL
);

CREATE TABLE parameter_value (
  id text PRIMARY KEY, -- parameter/team; team 0 is the office
  parameter bytes32 NOT NULL,
  team int NOT NULL,
  value amount NOT NULL,
  version bigint NOT NULL,
  since bigint NOT NULL,
  reason bytes32 NOT NULL
);

-- The last change that was announced; whether it expired is derived on read.
CREATE TABLE parameter_change (
  id text PRIMARY KEY, -- parameter/team
  parameter bytes32 NOT NULL,
  team int NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'enacted', 'cancelled')),
  value amount NOT NULL,
  proposed_at bigint NOT NULL,
  enactable_from bigint NOT NULL,
  expires_at bigint NOT NULL,
  -- Numbers of the teams.
  consents jsonb NOT NULL,
  -- As the constitution counts them: the root office stands for as many as are required.
  consented int NOT NULL,
  required int NOT NULL,
  reason bytes32 NOT NULL
);

-- Units of account (4 decimals) for 1e18 base units.
CREATE TABLE asset_rate (
  id address PRIMARY KEY,
  minimum_rate amount NOT NULL,
  maximum_rate amount NOT NULL,
  rate amount,
  valid_until bigint NOT NULL
);

CREATE TABLE scope (
  id text PRIMARY KEY, -- its number, 0 to 31
  name bytes32 NOT NULL
);

CREATE TABLE catalog_action (
  id text PRIMARY KEY, -- target/selector
  target address NOT NULL,
  selector text NOT NULL,
  status text NOT NULL CHECK (status IN ('listed', 'retired')),
  version bigint NOT NULL,
  signature text NOT NULL,
  impact int NOT NULL,
  fixed_impact bigint NOT NULL,
  amount_word int NOT NULL,
  asset_word int NOT NULL,
  scope bytes32 NOT NULL,
  reversibility int NOT NULL,
  inverse_target address NOT NULL,
  inverse_selector text NOT NULL,
  reason bytes32 NOT NULL,
  since bigint NOT NULL
);

CREATE TABLE capability (
  id bytes32 PRIMARY KEY,
  version bigint NOT NULL,
  actions jsonb NOT NULL,
  reason bytes32 NOT NULL,
  since bigint NOT NULL
);

-- The last escalation of an operation. Denied and unused are derived on read.
CREATE TABLE escalation (
  id bytes32 PRIMARY KEY, -- the operation
  status text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'withdrawn', 'executed')),
  team int NOT NULL,
  caller address NOT NULL,
  target address NOT NULL,
  selector text NOT NULL,
  data text NOT NULL,
  task bigint NOT NULL,
  boundary int NOT NULL,
  limit_value amount NOT NULL,
  actual_value amount NOT NULL,
  path_version bigint NOT NULL,
  recommendation bytes32 NOT NULL,
  context bytes32 NOT NULL,
  opened_at bigint NOT NULL,
  deadline bigint NOT NULL,
  resolver address,
  reason bytes32,
  resolved_at bigint,
  usable_until bigint,
  executed_at bigint,
  openings int NOT NULL
);

-- A challenge of a score. Lapsed is derived on read.
CREATE TABLE challenge (
  id bytes32 PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('open', 'upheld', 'rejected', 'withdrawn', 'returned')),
  project bytes32 NOT NULL,
  challenger address NOT NULL,
  report bigint NOT NULL,
  epoch bigint NOT NULL,
  definition bytes32 NOT NULL,
  outcome int NOT NULL,
  grade int NOT NULL,
  score amount NOT NULL,
  evidence bytes32 NOT NULL,
  team int NOT NULL,
  path_team int NOT NULL,
  path_version bigint NOT NULL,
  plan_anchor address NOT NULL,
  -- Wei.
  bond amount NOT NULL,
  reward amount NOT NULL,
  opened_at bigint NOT NULL,
  deadline bigint NOT NULL,
  ruler address,
  reason bytes32,
  lowered boolean NOT NULL,
  credited amount NOT NULL,
  forfeited amount NOT NULL,
  ended_at bigint
);
CREATE INDEX challenge_project ON challenge (project);

CREATE TABLE task (
  id text PRIMARY KEY, -- its number
  status text NOT NULL CHECK (status IN ('open', 'completed', 'failed')),
  team int NOT NULL,
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
  -- Units of account with 4 decimals; 0 where it has no cap of its own.
  cap bigint NOT NULL,
  granter address NOT NULL,
  -- How it ended before its time; null where it did not.
  ended text CHECK (ended IN ('ended', 'used-up'))
);
CREATE INDEX task_grant_task ON task_grant (task);

DO $$
DECLARE
  entity text;
BEGIN
  FOREACH entity IN ARRAY ARRAY['event', 'contract', 'asset', 'asset_safety', 'ruling', 'oracle_safety', 'vault_limits', 'pool', 'project', 'claim', 'attestor_set', 'operator_set',
    'ruleset', 'report', 'review_period', 'fork', 'proposal', 'member', 'anchor', 'team', 'team_path', 'team_limits', 'team_member', 'parameter',
    'parameter_value', 'parameter_change', 'asset_rate', 'scope', 'catalog_action', 'capability', 'escalation', 'challenge', 'task',
    'task_grant'] LOOP
    EXECUTE format('CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION remember()', entity);
  END LOOP;
END
$$;
