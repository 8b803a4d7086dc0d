-- A row a statistics object: its columns, its expressions, its kinds, and how finely it is counted.
SELECT s.oid, n.nspname, s.stxname, obj_description(s.oid, 'pg_statistic_ext'), ARRAY[pg_get_userbyid(s.stxowner), current_user],
  m.nspname, c.relname,
  (SELECT array_agg(a.attname::text) FROM unnest(s.stxkeys::int2[]) k (num)
   JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = k.num),
  {statistics_expressions}, array_to_string(s.stxkind, ''), nullif(s.stxstattarget, -1)
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
JOIN pg_class c ON c.oid = s.stxrelid
JOIN pg_namespace m ON m.oid = c.relnamespace
WHERE s.stxrelid IN ({oids}) OR (m.nspname, c.relname) IN ({names}) OR (n.nspname, s.stxname) IN ({names})
ORDER BY s.oid
