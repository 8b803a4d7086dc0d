-- A row an enum, a composite type or a domain.
SELECT t.oid, n.nspname, t.typname, obj_description(t.oid, 'pg_type'), ARRAY[pg_get_userbyid(t.typowner), current_user], t.typtype,
  array(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)::text[],
  a.names, a.types, a.collations, a.comments,
  format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typcollation <> b.typcollation THEN {collation_name} END,
  t.typnotnull, pg_get_expr(t.typdefaultbin, 0),
  x.names, x.exprs, x.called, x.valid, x.comments
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
LEFT JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_collation o ON o.oid = t.typcollation
LEFT JOIN LATERAL (
  SELECT array_agg(a.attname::text ORDER BY a.attnum), array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum),
    array_agg(CASE WHEN a.attcollation <> y.typcollation THEN {collation_name} END ORDER BY a.attnum),
    array_agg(col_description(a.attrelid, a.attnum) ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_collation o ON o.oid = a.attcollation
  WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
) a (names, types, collations, comments) ON true
LEFT JOIN LATERAL (
  SELECT array_agg(x.conname::text ORDER BY x.conname) FILTER (WHERE x.contype = 'c'),
    array_agg(pg_get_expr(x.conbin, 0) ORDER BY x.conname) FILTER (WHERE x.contype = 'c'),
    array_agg(x.conname::text ORDER BY x.conname) FILTER (WHERE x.contype = 'n'
      AND (x.conname <> t.typname || '_not_null' OR obj_description(x.oid, 'pg_constraint') IS NOT NULL)),
    array_agg(x.convalidated::text ORDER BY x.conname) FILTER (WHERE x.contype = 'c'),
    array_agg(obj_description(x.oid, 'pg_constraint') ORDER BY x.conname) FILTER (WHERE x.contype = 'c')
  FROM pg_constraint x
  WHERE x.contypid = t.oid
) x (names, exprs, called, valid, comments) ON true
WHERE (t.typtype IN ('e', 'd') OR t.typtype = 'c' AND c.relkind = 'c') AND (n.nspname, t.typname) IN ({names})
ORDER BY t.oid
