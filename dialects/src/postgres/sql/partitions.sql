-- A row a key of a partitioned table, in order: the column, or all of the expressions; collation and operator class where they
-- aren't the usual ones.
SELECT k.partrelid, a.attname, pg_get_expr(k.partexprs, k.partrelid),
  CASE WHEN o.oid <> coalesce(a.attcollation, t.typcollation) THEN {collation_name} END,
  CASE WHEN NOT p.opcdefault THEN {opclass_name} END
FROM pg_partitioned_table k
CROSS JOIN LATERAL unnest(k.partattrs::int2[]) WITH ORDINALITY x (num, at)
LEFT JOIN pg_attribute a ON x.num > 0 AND a.attrelid = k.partrelid AND a.attnum = x.num
JOIN pg_opclass p ON p.oid = k.partclass[x.at - 1]
JOIN pg_type t ON t.oid = p.opcintype
LEFT JOIN pg_collation o ON o.oid = k.partcollation[x.at - 1]
WHERE k.partrelid IN ({oids})
ORDER BY k.partrelid, x.at
