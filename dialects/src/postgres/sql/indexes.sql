-- A row a column of an index, in order; those that constraints bring are left out, and a partition's copies of its parent's.
SELECT i.indrelid, c.relname, i.indisunique, m.amname, pg_get_expr(i.indpred, i.indrelid), {nulls_not_distinct},
  obj_description(c.oid, 'pg_class'), i.indisvalid, array_to_string(c.reloptions, chr(10)), s.spcname,
  k.at > i.indnkeyatts, a.attname, pg_get_indexdef(c.oid, k.at::int, false), i.indoption[k.at - 1],
  CASE WHEN NOT p.opcdefault OR e.attoptions IS NOT NULL THEN {opclass_name} END,
  CASE WHEN o.oid <> coalesce(a.attcollation, t.typcollation) THEN {collation_name} END,
  array_to_string(e.attoptions, chr(10)), c.relkind = 'I', nullif(e.attstattarget, -1)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (num, at)
JOIN pg_attribute e ON e.attrelid = i.indexrelid AND e.attnum = k.at
JOIN pg_type t ON t.oid = e.atttypid
LEFT JOIN pg_attribute a ON k.num > 0 AND a.attrelid = i.indrelid AND a.attnum = k.num
LEFT JOIN pg_opclass p ON k.at <= i.indnkeyatts AND p.oid = i.indclass[k.at - 1]
LEFT JOIN pg_collation o ON k.at <= i.indnkeyatts AND o.oid = i.indcollation[k.at - 1]
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
WHERE i.indrelid IN ({oids}) AND NOT c.relispartition AND NOT EXISTS (
  SELECT FROM pg_constraint x
  WHERE x.conindid = i.indexrelid AND x.conrelid = i.indrelid AND x.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, c.relname, k.at
