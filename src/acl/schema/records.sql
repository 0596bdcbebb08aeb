-- The example of a protected table: its rows are the resources `postgres://records/<id>`. A further table is protected by the
-- same four statements.

CREATE SCHEMA IF NOT EXISTS data;

CREATE TABLE IF NOT EXISTS data.records (
  id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  title text NOT NULL,
  body text NOT NULL
);

-- FORCE: the owner of the table is bound by policies too.
ALTER TABLE data.records ENABLE ROW LEVEL SECURITY;
ALTER TABLE data.records FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS readable ON data.records;
CREATE POLICY readable ON data.records FOR SELECT USING (acl.may_read('postgres://records/' || id));

-- The owner maintains the rows; it is not the role that serves readers.
DROP POLICY IF EXISTS maintained ON data.records;
CREATE POLICY maintained ON data.records TO CURRENT_USER USING (true) WITH CHECK (true);

CREATE FUNCTION acl.announce_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO acl.unregistered (uri) VALUES ('postgres://records/' || NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS announce ON data.records;
CREATE TRIGGER announce AFTER INSERT ON data.records FOR EACH ROW EXECUTE FUNCTION acl.announce_record();

-- Rows from before this schema was built.
INSERT INTO acl.unregistered (uri) SELECT 'postgres://records/' || id FROM data.records;
