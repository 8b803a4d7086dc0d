-- A row a column, in order. A sequence's numbers are null where there is none.
SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
  pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity,
  CASE WHEN a.attcollation <> t.typcollation THEN o.collname END, col_description(a.attrelid, a.attnum),
  s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation o ON o.oid = a.attcollation
LEFT JOIN pg_depend p ON a.attidentity <> '' AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
  AND p.refclassid = 'pg_class'::regclass AND p.classid = 'pg_class'::regclass AND p.deptype = 'i'
LEFT JOIN pg_sequence s ON s.seqrelid = p.objid
WHERE a.attrelid IN ({oids}) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
