-- A row a column of an index, in order; those that constraints bring are left out.
SELECT i.indrelid, c.relname, i.indisunique, m.amname, pg_get_expr(i.indpred, i.indrelid), {nulls_not_distinct},
  obj_description(c.oid, 'pg_class'), i.indisvalid, c.reloptions IS NOT NULL,
  k.at > i.indnkeyatts, a.attname, pg_get_indexdef(c.oid, k.at::int, true), i.indoption[k.at - 1],
  CASE WHEN NOT p.opcdefault THEN p.opcname END,
  CASE WHEN o.oid IS NOT NULL AND o.oid IS DISTINCT FROM a.attcollation AND a.attname IS NOT NULL THEN o.collname END
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (num, at)
LEFT JOIN pg_attribute a ON k.num > 0 AND a.attrelid = i.indrelid AND a.attnum = k.num
LEFT JOIN pg_opclass p ON k.at <= i.indnkeyatts AND p.oid = i.indclass[k.at - 1]
LEFT JOIN pg_collation o ON k.at <= i.indnkeyatts AND o.oid = i.indcollation[k.at - 1]
WHERE i.indrelid IN ({oids}) AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conindid = i.indexrelid AND x.conrelid = i.indrelid)
ORDER BY i.indrelid, c.relname, k.at
