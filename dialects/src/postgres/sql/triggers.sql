-- A row a trigger of a table or a view, but for the copies that partitions have of their parent's. What its function is given
-- comes in the escape form of bytes.
SELECT t.oid, NULL, t.tgname, obj_description(t.oid, 'pg_trigger'), NULL, n.nspname, c.relname, t.tgtype,
  (SELECT array_agg(a.attname::text ORDER BY k.at) FROM unnest(t.tgattr::int2[]) WITH ORDINALITY k (num, at)
   JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = k.num),
  CASE WHEN t.tgqual IS NOT NULL THEN pg_get_triggerdef(t.oid) END, t.tgoldtable, t.tgnewtable,
  t.tgconstraint <> 0, t.tgdeferrable, t.tginitdeferred, fn.nspname, f.proname, encode(t.tgargs, 'escape'),
  m.nspname, o.relname, t.tgenabled
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc f ON f.oid = t.tgfoid
JOIN pg_namespace fn ON fn.oid = f.pronamespace
LEFT JOIN pg_class o ON o.oid = t.tgconstrrelid
LEFT JOIN pg_namespace m ON m.oid = o.relnamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND (t.tgrelid IN ({oids}) OR (n.nspname, c.relname) IN ({names}))
ORDER BY t.oid
