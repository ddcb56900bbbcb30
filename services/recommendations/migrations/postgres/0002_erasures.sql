-- Owners whose rows are being erased: what was interrupted goes on when a service starts.
CREATE TABLE erasures (
  owner bytea PRIMARY KEY
);
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY owners ON erasures USING (owner IN (
  SELECT unnest(nullif(current_setting('council.owners', true), '')::bytea[])));

CREATE FUNCTION unfinished_erasures() RETURNS TABLE (owner bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = recommendations, pg_temp AS $$
  SELECT e.owner FROM erasures e
$$;

-- Contacts who were erased: random ids, by which an erasure that a restore undid is known.
CREATE TABLE erased_contacts (
  owner   bytea NOT NULL,
  contact bytea NOT NULL,
  PRIMARY KEY (owner, contact)
);
ALTER TABLE erased_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased_contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY owners ON erased_contacts USING (owner IN (
  SELECT unnest(nullif(current_setting('council.owners', true), '')::bytea[])));
