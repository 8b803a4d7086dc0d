-- A row a sequence: those that are asked for, and those that belong to a column of a table that is read. An identity's
-- is part of its column.
SELECT c.oid, n.nspname, c.relname, obj_description(c.oid, 'pg_class'), ARRAY[pg_get_userbyid(c.relowner), current_user],
  format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
  o.nspname, t.relname, a.attname, c.relpersistence = 'u', t.oid, c.relacl IS NOT NULL,
  (n.nspname, c.relname) IN ({names})
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
  AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_namespace o ON o.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.deptype IS DISTINCT FROM 'i' AND ((n.nspname, c.relname) IN ({names}) OR d.refobjid IN ({oids}))
ORDER BY c.oid
