-- A row a column of a constraint that is the table's own, in order: the column, whether it is but included, and the one it
-- refers to; further on, whether a foreign key sets it alone. A check has one row, and no column in it.
SELECT x.conrelid, x.conname, x.contype, a.attname, k.at > i.indnkeyatts, b.attname,
  pg_get_expr(x.conbin, x.conrelid), n.nspname, f.relname,
  x.confdeltype, x.confupdtype, x.confmatchtype, x.condeferrable, x.condeferred,
  {nulls_not_distinct}, x.convalidated, x.connoinherit AND x.contype = 'c', {set_columns}, {not_enforced}, {period},
  obj_description(x.oid, 'pg_constraint')
FROM pg_constraint x
LEFT JOIN pg_class f ON f.oid = x.confrelid
LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = x.conindid AND x.contype IN ('p', 'u')
LEFT JOIN LATERAL unnest(CASE WHEN x.contype = 'f' THEN x.conkey WHEN x.contype <> 'c' THEN i.indkey::int2[] END, x.confkey)
  WITH ORDINALITY k (own, other, at) ON true
LEFT JOIN pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.own
LEFT JOIN pg_attribute b ON b.attrelid = x.confrelid AND b.attnum = k.other
WHERE x.conrelid IN ({oids}) AND x.contype IN ('p', 'u', 'f', 'c') AND x.conislocal
ORDER BY x.conrelid, x.conname, k.at
