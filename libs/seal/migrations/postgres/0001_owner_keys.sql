-- Keys of owners, wrapped by a master key that is not here; `owner` is an HMAC. Generations count from 1; 0 with an empty key
-- says that the owner's keys were destroyed, and none is made again. Beside them, under the name "sentinel", what tells a wrong
-- keyring from the right one.
CREATE TABLE owner_keys (
  owner      bytea NOT NULL,
  generation bigint NOT NULL,
  wrapped    bytea NOT NULL,
  PRIMARY KEY (owner, generation)
);
-- A key that was destroyed goes with the next round of the server's vacuum.
ALTER TABLE owner_keys SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE owner_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY owners ON owner_keys
  USING (owner = ANY (ARRAY(SELECT unnest(nullif(current_setting('council.owners', true), '')::bytea[]))));

-- For what is done to the keys of all owners: who has some. Made by the role that made the table, whose rows it sees.
DO $$
BEGIN
  EXECUTE format('CREATE FUNCTION owners_with_keys(after bytea, most bigint) RETURNS TABLE (owner bytea) '
                 'LANGUAGE sql STABLE SECURITY DEFINER SET search_path = %I, pg_temp AS '
                 '''SELECT DISTINCT k.owner FROM owner_keys k WHERE k.owner > after AND k.generation > 0 ORDER BY 1 LIMIT most''',
                 current_schema);
END
$$;
