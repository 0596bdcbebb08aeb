-- The one place where a read is decided. The gateway asks for reasons with the same functions by which row-level security
-- lets rows through, so that an answer and its enforcement cannot differ.
--
-- Every function that runs with its owner's rights fixes its search path, with the caller's temporary schema last, and names
-- each object with its schema: nothing a caller creates can stand in for anything here.
-- They are VOLATILE so that each call sees what is committed at that moment, even within one statement of a cursor.

-- What keeps the mirror from deciding anything; null where nothing does.
CREATE FUNCTION acl.obstacle() RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head record;
  lag interval;
BEGIN
  -- In any other isolation level a transaction goes on seeing grants that have ended since it began.
  IF current_setting('transaction_isolation') <> 'read committed' THEN RETURN 'stale-snapshot'; END IF;
  SELECT * INTO head FROM acl.block ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN RETURN 'mirror-empty'; END IF;
  IF EXISTS (SELECT FROM acl.checkpoint WHERE trouble_code IS NOT NULL)
    OR EXISTS (SELECT FROM acl.journal WHERE unproved_since IS NOT NULL)
    OR NOT EXISTS (SELECT FROM acl.journal) THEN
    RETURN 'mirror-halted';
  END IF;
  SELECT make_interval(secs => maximum_lag_seconds) INTO lag FROM acl.setting;
  -- Both: a node that stands still brings no block, one that is far behind brings old ones.
  IF lag IS NULL OR clock_timestamp() - head.seen_at > lag OR clock_timestamp() - to_timestamp(head.timestamp) > lag THEN
    RETURN 'mirror-lagging';
  END IF;
  RETURN NULL;
END
$$;

-- Why a grant of a task of `acting_team` does not by itself let anybody read `reading_target`; null where nothing stands against
-- it. As the authority's `canCall`: only what has no impact, and is inside the team's limits, needs no look at the call.
CREATE FUNCTION acl.limit_crossed(acting_team int, reading_target text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unlisted CONSTANT int := 0; -- IAuthorityLimits.ImpactKind
  without_impact CONSTANT int := 1;
  facts record;
  limits record;
BEGIN
  SELECT * INTO facts FROM acl.action_facts f WHERE f.target = reading_target;
  IF NOT FOUND OR facts.impact = unlisted THEN RETURN 'action-unlisted'; END IF;
  SELECT * INTO limits FROM acl.team_limits l WHERE l.team = acting_team;
  IF NOT FOUND OR (limits.scopes >> facts.scope) & 1 = 0 THEN RETURN 'outside-scope'; END IF;
  IF facts.reversibility < limits.min_reversibility THEN RETURN 'outside-reversibility'; END IF;
  IF facts.impact <> without_impact THEN RETURN 'action-with-impact'; END IF;
  RETURN NULL;
END
$$;

-- The authority's own rules for reading `reading_target`, in its order, as of the mirror's head. Starts are judged by the head's
-- time, ends by the time that has passed since: both against the reader.
CREATE FUNCTION acl.authority_verdict(reader text, reading_target text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  grant_role CONSTANT numeric := 18446744073709551614; -- Roles.GRANT_ROLE
  public_role CONSTANT numeric := 18446744073709551615; -- AccessManager.PUBLIC_ROLE
  earliest bigint;
  latest bigint;
  action_role numeric;
  member record;
  given record;
  serving record;
BEGIN
  SELECT b.timestamp, b.timestamp + greatest(0, ceil(extract(epoch FROM clock_timestamp() - b.seen_at)))::bigint
    INTO earliest, latest FROM acl.block b ORDER BY b.number DESC LIMIT 1;
  IF EXISTS (SELECT FROM acl.target t WHERE t.id = reading_target AND t.closed) THEN RETURN 'target-closed'; END IF;
  SELECT a.role INTO action_role FROM acl.action a WHERE a.target = reading_target;
  action_role := coalesce(action_role, 0);

  IF action_role <> grant_role THEN
    IF action_role = public_role THEN RETURN 'allowed-by-role'; END IF;
    SELECT * INTO member FROM acl.role_member m WHERE m.role = action_role AND m.account = reader AND m.since <= earliest;
    IF NOT FOUND THEN RETURN 'role-missing'; END IF;
    IF member.delay > 0 OR (earliest < member.delay_from AND member.former_delay > 0) THEN RETURN 'role-delayed'; END IF;
    RETURN 'allowed-by-role';
  END IF;

  SELECT * INTO given FROM acl.read_grant g WHERE g.grantee = reader AND g.target = reading_target;
  IF NOT FOUND THEN RETURN 'grant-missing'; END IF;
  IF given.ended THEN RETURN 'grant-ended'; END IF;
  IF earliest < given.not_before THEN RETURN 'grant-not-started'; END IF;
  IF latest >= given.not_after THEN RETURN 'grant-expired'; END IF;
  IF given.uses > 0 THEN RETURN 'grant-counted'; END IF;
  IF given.cap > 0 THEN RETURN 'grant-capped'; END IF;
  SELECT t.status, t.team INTO serving FROM acl.task t WHERE t.id = given.task;
  IF serving.status = 'completed' THEN RETURN 'task-completed'; END IF;
  IF serving.status = 'open' THEN RETURN coalesce(acl.limit_crossed(serving.team, reading_target), 'allowed'); END IF;
  RETURN 'task-failed';
END
$$;

-- The account of the session whose token stands in `mandate.session`; null where there is none. Setting any other account,
-- role or claim changes nothing: only the unguessable token is looked at.
CREATE FUNCTION acl.session_account() RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.account FROM acl.session s
  WHERE s.token_hash = sha256(convert_to(current_setting('mandate.session', true), 'UTF8')) AND s.expires_at > clock_timestamp()
$$;

-- Why `reader`, or the session's account where it is null, may or may not read what `reading_target` stands for.
CREATE FUNCTION acl.why(reading_target text, reader text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  obstacle CONSTANT text := acl.obstacle();
  who text := reader;
BEGIN
  IF obstacle IS NOT NULL THEN RETURN obstacle; END IF;
  IF who IS NULL THEN
    IF coalesce(current_setting('mandate.session', true), '') = '' THEN RETURN 'session-missing'; END IF;
    who := acl.session_account();
    IF who IS NULL THEN
      RETURN CASE WHEN EXISTS (
        SELECT FROM acl.session s WHERE s.token_hash = sha256(convert_to(current_setting('mandate.session', true), 'UTF8'))
      ) THEN 'session-expired' ELSE 'session-unknown' END;
    END IF;
  END IF;
  RETURN acl.authority_verdict(who, reading_target);
END
$$;

-- Whether the session may read the resource now. What row-level security asks for each row.
CREATE FUNCTION acl.may_read(resource_uri text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  reading_target text;
BEGIN
  SELECT r.target INTO reading_target FROM acl.resource r WHERE r.uri = resource_uri;
  IF NOT FOUND THEN RETURN false; END IF;
  RETURN acl.why(reading_target, NULL) IN ('allowed', 'allowed-by-role');
END
$$;

CREATE FUNCTION acl.is_registered(resource_uri text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM acl.resource r WHERE r.uri = resource_uri)
$$;

-- The block on which answers rest, and whether it can be relied on.
CREATE FUNCTION acl.mirror() RETURNS TABLE (number bigint, hash text, "timestamp" bigint, lag_seconds double precision, trouble text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.number, b.hash, b.timestamp, greatest(0, extract(epoch FROM clock_timestamp() - b.seen_at))::double precision, c.trouble_code
  FROM acl.block b CROSS JOIN acl.checkpoint c ORDER BY b.number DESC LIMIT 1
$$;

-- The grant that decides for `reader`, for explanations.
CREATE FUNCTION acl.grants_of(reader text)
RETURNS TABLE (target text, uri text, task bigint, not_before bigint, not_after bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT g.target, r.uri, g.task, g.not_before, g.not_after
  FROM acl.read_grant g LEFT JOIN acl.resource r ON r.target = g.target
  WHERE g.grantee = reader ORDER BY g.target
$$;

-- Begins a session. Only the sign-in's own role may call it; the role that runs queries may not.
CREATE FUNCTION acl.open_session(hash bytea, reader text, lifetime_seconds int) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  expiry CONSTANT timestamptz := clock_timestamp() + make_interval(secs => lifetime_seconds);
BEGIN
  DELETE FROM acl.session s WHERE s.expires_at < clock_timestamp() - interval '1 hour'; -- kept so long for "expired"
  INSERT INTO acl.session (token_hash, account, expires_at) VALUES (hash, reader, expiry);
  RETURN expiry;
END
$$;

CREATE FUNCTION acl.close_session(hash bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM acl.session s WHERE s.token_hash = hash
$$;
