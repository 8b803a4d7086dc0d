-- A row a view or a materialized view.
SELECT c.oid, n.nspname, c.relname, obj_description(c.oid, 'pg_class'), ARRAY[pg_get_userbyid(c.relowner), current_user],
  c.relkind = 'm', pg_get_viewdef(c.oid), c.reloptions, x.reloptions, NOT c.relispopulated, p.spcname,
  k.names, k.comments, f.names, f.exprs, m.amname,
  (SELECT w.spcname FROM pg_database b JOIN pg_tablespace w ON w.oid = b.dattablespace WHERE b.datname = current_database()),
  o.names, o.options, (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisclustered)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class x ON x.oid = c.reltoastrelid
LEFT JOIN pg_tablespace p ON p.oid = c.reltablespace
LEFT JOIN pg_am m ON m.oid = c.relam AND m.amname <> 'heap'
LEFT JOIN LATERAL (
  SELECT array_agg(a.attname::text ORDER BY a.attnum), array_agg(d.description ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_description d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
  WHERE a.attrelid = c.oid AND a.attnum > 0
) k (names, comments) ON true
LEFT JOIN LATERAL (
  SELECT array_agg(a.attname::text ORDER BY a.attnum), array_agg(pg_get_expr(d.adbin, d.adrelid) ORDER BY a.attnum)
  FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  WHERE d.adrelid = c.oid
) f (names, exprs) ON true
-- What columns have beside their types, one a line.
LEFT JOIN LATERAL (
  SELECT array_agg(u.name ORDER BY u.num), array_agg(u.options ORDER BY u.num)
  FROM (
    SELECT a.attnum, a.attname::text, array_to_string(ARRAY[
      CASE WHEN a.attstorage <> t.typstorage THEN 'storage=' ||
        CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END,
      {compression}, 'statistics=' || nullif(a.attstattarget, -1)] || a.attoptions, chr(10))
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attribute h ON false
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  ) u (num, name, options)
  WHERE u.options <> ''
) o (names, options) ON c.relkind = 'm'
WHERE c.relkind IN ('v', 'm') AND (n.nspname, c.relname) IN ({names})
ORDER BY c.oid
