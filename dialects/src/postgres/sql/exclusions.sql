-- A row a column or expression of an exclusion constraint, in order, with its operator.
SELECT x.conrelid, x.conname, m.amname, pg_get_expr(i.indpred, i.indrelid), x.condeferrable, x.condeferred,
  obj_description(x.oid, 'pg_constraint'), c.reloptions IS NOT NULL, c.reltablespace <> 0,
  k.at > i.indnkeyatts, a.attname, pg_get_indexdef(c.oid, k.at::int, false), i.indoption[k.at - 1],
  CASE WHEN NOT p.opcdefault OR e.attoptions IS NOT NULL THEN {opclass_name} END,
  CASE WHEN o.oid <> coalesce(a.attcollation, t.typcollation) THEN {collation_name} END,
  w.oprname, NOT pg_operator_is_visible(w.oid), array_to_string(e.attoptions, chr(10))
FROM pg_constraint x
JOIN pg_index i ON i.indexrelid = x.conindid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (num, at)
JOIN pg_attribute e ON e.attrelid = i.indexrelid AND e.attnum = k.at
JOIN pg_type t ON t.oid = e.atttypid
LEFT JOIN pg_attribute a ON k.num > 0 AND a.attrelid = i.indrelid AND a.attnum = k.num
LEFT JOIN pg_opclass p ON k.at <= i.indnkeyatts AND p.oid = i.indclass[k.at - 1]
LEFT JOIN pg_collation o ON k.at <= i.indnkeyatts AND o.oid = i.indcollation[k.at - 1]
LEFT JOIN pg_operator w ON w.oid = x.conexclop[k.at]
WHERE x.conrelid IN ({oids}) AND x.contype = 'x' AND x.conislocal
ORDER BY x.conrelid, x.conname, k.at
