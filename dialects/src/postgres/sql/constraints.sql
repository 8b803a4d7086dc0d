-- A row a constraint. Lists of columns are joined by the unit separator, which no name has by accident.
SELECT x.conrelid, x.conname, x.contype,
  (SELECT string_agg(a.attname, E'\x1f' ORDER BY k.at) FROM unnest(x.conkey) WITH ORDINALITY k (num, at)
    JOIN pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.num),
  pg_get_expr(x.conbin, x.conrelid), n.nspname, f.relname,
  (SELECT string_agg(a.attname, E'\x1f' ORDER BY k.at) FROM unnest(x.confkey) WITH ORDINALITY k (num, at)
    JOIN pg_attribute a ON a.attrelid = x.confrelid AND a.attnum = k.num),
  x.confdeltype, x.confupdtype, x.confmatchtype, x.condeferrable, x.condeferred,
  (SELECT string_agg(a.attname, E'\x1f' ORDER BY k.at) FROM unnest(i.indkey) WITH ORDINALITY k (num, at)
    JOIN pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.num WHERE k.at > i.indnkeyatts),
  {nulls_not_distinct}, x.convalidated, x.connoinherit
FROM pg_constraint x
LEFT JOIN pg_class f ON f.oid = x.confrelid
LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = x.conindid AND x.contype IN ('p', 'u')
WHERE x.conrelid IN ({oids}) AND x.contype IN ('p', 'u', 'f', 'c')
ORDER BY x.conrelid, x.oid
