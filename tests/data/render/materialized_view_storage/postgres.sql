ALTER MATERIALIZED VIEW "totals" RESET ("autovacuum_enabled");
ALTER MATERIALIZED VIEW "totals" SET ("fillfactor" = '80');
