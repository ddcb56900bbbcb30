-- What stands here in clear, and no more: HMACs of owner and tenant, random ids, revisions, times of writing, equality
-- indexes as HMAC (vCard UID, request_id), and the outbox. All else is in the column `sealed`. Each transaction names its
-- owners in the setting council.owners, and sees the rows of no others.

-- One row an owner, locked by whoever writes for them.
CREATE TABLE owners (
  owner         bytea PRIMARY KEY,
  tenant        bytea NOT NULL,
  revision      bigint NOT NULL,
  contacts      bigint NOT NULL DEFAULT 0,
  acquaintances bigint NOT NULL DEFAULT 0,
  erased        bigint NOT NULL DEFAULT 0 -- 1: the owner's tombstone; nothing is written for them any more
);

CREATE TABLE contacts (
  owner    bytea NOT NULL,
  id       bytea NOT NULL,
  revision bigint NOT NULL,
  sealed   bytea NOT NULL,
  PRIMARY KEY (owner, id)
);
CREATE INDEX contacts_by_revision ON contacts (owner, revision, id);

-- Contacts that are gone leave their id and the revision that they went with.
CREATE TABLE gone_contacts (
  owner    bytea NOT NULL,
  id       bytea NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (owner, id)
);
CREATE INDEX gone_contacts_by_revision ON gone_contacts (owner, revision, id);

CREATE TABLE vcard_uids (
  owner      bytea NOT NULL,
  uid_hash   bytea NOT NULL,
  contact_id bytea NOT NULL,
  PRIMARY KEY (owner, uid_hash)
);
CREATE INDEX vcard_uids_by_contact ON vcard_uids (owner, contact_id);

-- Ids of contacts that were merged into others, and of contacts that were erased (contact_id NULL).
CREATE TABLE former_ids (
  owner      bytea NOT NULL,
  former_id  bytea NOT NULL,
  contact_id bytea,
  PRIMARY KEY (owner, former_id)
);
CREATE INDEX former_ids_by_contact ON former_ids (owner, contact_id);

CREATE TABLE seats (
  owner      bytea NOT NULL,
  contact_id bytea NOT NULL,
  sealed     bytea NOT NULL,
  PRIMARY KEY (owner, contact_id)
);

CREATE TABLE acquaintances (
  owner            bytea NOT NULL,
  contact_id       bytea NOT NULL,
  other_contact_id bytea NOT NULL,
  sealed           bytea NOT NULL,
  PRIMARY KEY (owner, contact_id, other_contact_id)
);
CREATE INDEX acquaintances_by_other ON acquaintances (owner, other_contact_id);

CREATE TABLE settings (
  owner    bytea PRIMARY KEY,
  revision bigint NOT NULL,
  sealed   bytea NOT NULL
);

CREATE TABLE requests (
  owner        bytea NOT NULL,
  request_hash bytea NOT NULL,
  sealed       bytea NOT NULL,
  PRIMARY KEY (owner, request_hash)
);

CREATE TABLE accesses (
  owner  bytea NOT NULL,
  time   bigint NOT NULL, -- microseconds since the Unix epoch: the hour of reads, the moment of a write
  id     bytea NOT NULL,  -- HMAC of method, client and, for a write, revision
  sealed bytea NOT NULL,
  PRIMARY KEY (owner, time, id)
);

-- The newest revision of each owner that the cache has not been told yet.
CREATE TABLE outbox (
  owner     bytea PRIMARY KEY,
  cache_tag bytea NOT NULL,
  revision  bigint NOT NULL
);

-- The role that made a table is held too, by FORCE; but for the outbox, of which functions of that role tell the relay.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['owners', 'contacts', 'gone_contacts', 'vcard_uids', 'former_ids', 'seats', 'acquaintances',
                              'settings', 'requests', 'accesses', 'outbox'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    IF name <> 'outbox' THEN
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END IF;
    EXECUTE format('CREATE POLICY owners ON %I USING (owner IN ('
                   'SELECT unnest(nullif(current_setting(''council.owners'', true), '''')::bytea[])))', name);
  END LOOP;
END
$$;

CREATE FUNCTION pending_outbox(most bigint) RETURNS TABLE (owner bytea, cache_tag bytea, revision bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = contacts, pg_temp AS $$
  SELECT o.owner, o.cache_tag, o.revision FROM outbox o LIMIT most
$$;

CREATE FUNCTION remove_outbox(owners bytea[], revisions bigint[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = contacts, pg_temp AS $$
  -- A row that somebody holds is being made newer, or removed by another copy's relay.
  WITH told AS MATERIALIZED (
    SELECT o.owner FROM outbox o JOIN unnest(owners, revisions) AS t (owner, revision)
      ON o.owner = t.owner AND o.revision = t.revision
    FOR UPDATE OF o SKIP LOCKED
  )
  DELETE FROM outbox o USING told WHERE o.owner = told.owner
$$;
