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

-- The heads of all ledgers that have entries, for the root that goes to the log. The service's role sees them by this alone,
-- and of each no more than what stands in clear.
ALTER TABLE ledgers NO FORCE ROW LEVEL SECURITY;
CREATE FUNCTION ledger_heads(after bytea, most bigint) RETURNS TABLE (owner bytea, head_sequence bigint, head_hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
  SELECT l.owner, l.head_sequence, l.head_hash FROM ledgers l
  WHERE l.owner > after AND l.head_sequence > 0 ORDER BY l.owner LIMIT most
$$;
