-- Owners whose rows are being erased: what was interrupted goes on when a service starts.
CREATE TABLE erasures (
  owner bytea PRIMARY KEY
);
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY owners ON erasures USING (owner IN (
  SELECT unnest(nullif(current_setting('council.owners', true), '')::bytea[])));

CREATE FUNCTION unfinished_erasures() RETURNS TABLE (owner bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = contacts, pg_temp AS $$
  SELECT e.owner FROM erasures e
$$;
