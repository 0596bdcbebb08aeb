-- What every projection of the chain keeps: where it stands, the journal of each contract, and how to take blocks back.
-- Runs with the projection's own schema as search path.

CREATE TABLE checkpoint (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  chain_id bigint NOT NULL,
  from_block bigint NOT NULL,
  -- What stands in the way of relying on this projection; null where nothing does.
  trouble_code text,
  trouble_message text,
  -- The contract that it is about, where it is about one.
  trouble_contract text,
  trouble_since timestamptz
);

-- The last final block, and every block since. The highest is the head.
CREATE TABLE block (
  number bigint PRIMARY KEY,
  hash text NOT NULL,
  timestamp bigint NOT NULL,
  final boolean NOT NULL,
  -- When it was taken in, on this machine's clock: what the lag is counted from.
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE journal (
  contract text PRIMARY KEY,
  -- Block in which the contract became known.
  found_at bigint NOT NULL,
  head text NOT NULL,
  events bigint NOT NULL,
  -- First block whose storage the node could not show; null where the head is proved at the head of the chain.
  unproved_since bigint
);

-- Rows as they were before blocks that may still be taken back.
CREATE TABLE undo (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  block bigint NOT NULL,
  entity text NOT NULL,
  -- The row before; null where it was inserted, and then `new` tells what to delete.
  old jsonb,
  new jsonb
);

CREATE INDEX undo_block ON undo (block);

-- Trigger of every table that follows the chain, so that no writing code can forget the undo.
CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  setting text := current_setting('mandate.block', true);
BEGIN
  IF setting IS NULL OR setting = '' THEN
    RAISE EXCEPTION 'a write to % outside of a block', TG_TABLE_NAME;
  END IF;
  IF setting <> 'final' THEN
    INSERT INTO undo (block, entity, old, new) VALUES (
      setting::bigint,
      TG_RELID::regclass::text,
      CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END,
      CASE WHEN TG_OP = 'INSERT' THEN to_jsonb(NEW) END
    );
  END IF;
  RETURN NULL;
END
$$;

-- Restores every row that blocks after `ancestor` changed, newest change first.
CREATE FUNCTION roll_back(ancestor bigint) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  step record;
  same_key text;
BEGIN
  PERFORM set_config('mandate.block', 'final', true); -- restoring is not itself remembered
  FOR step IN SELECT * FROM undo WHERE block > ancestor ORDER BY seq DESC LOOP
    SELECT string_agg(format('t.%I = r.%I', a.attname, a.attname), ' AND ') INTO same_key
      FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = step.entity::regclass AND i.indisprimary;
    EXECUTE format('DELETE FROM %s t USING jsonb_populate_record(NULL::%s, $1) r WHERE %s', step.entity, step.entity, same_key)
      USING coalesce(step.old, step.new);
    IF step.old IS NOT NULL THEN
      EXECUTE format('INSERT INTO %s OVERRIDING SYSTEM VALUE SELECT r.* FROM jsonb_populate_record(NULL::%s, $1) r', step.entity, step.entity)
        USING step.old;
    END IF;
  END LOOP;
  DELETE FROM undo WHERE block > ancestor;
  DELETE FROM block WHERE number > ancestor;
END
$$;

CREATE TRIGGER remember AFTER INSERT OR UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION remember();
