-- What the ties of a tenant's people, taken together, say about how ties live on: a few coefficients, of no one's.
CREATE TABLE strength_models (
  tenant   bytea PRIMARY KEY,
  fit_time bigint NOT NULL, -- microseconds since the Unix epoch
  model    bytea NOT NULL   -- StoredStrengthModel
);

-- Whose ledgers there are, for calibrating by tenants. The service's role sees them by this alone, and of each no more than
-- what stands in clear.
CREATE FUNCTION ledger_owners(after bytea, most bigint) RETURNS TABLE (owner bytea, tenant bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
  SELECT l.owner, l.tenant FROM ledgers l
  WHERE l.owner > after AND l.head_sequence > 0 AND l.erased = 0 ORDER BY l.owner LIMIT most
$$;
