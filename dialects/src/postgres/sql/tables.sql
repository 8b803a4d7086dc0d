-- A row a table: its oid, schema and name, whether it is unlogged, its comment, how it is kept, whose it is and who
-- the connection is, row security, how it is partitioned, what it is a partition of, its
-- replica identity, the index that it is clustered on and the one that is its identity, the tablespace of the database, and how its rows
-- are kept.
SELECT c.oid, n.nspname, c.relname, c.relpersistence = 'u', obj_description(c.oid, 'pg_class'),
  array_to_string(c.reloptions || ARRAY(SELECT 'toast.' || o FROM unnest(t.reloptions) o), chr(10)), s.spcname,
  ARRAY[pg_get_userbyid(c.relowner), current_user],
  c.relrowsecurity, c.relforcerowsecurity, k.partstrat, m.nspname, p.relname, pg_get_expr(c.relpartbound, c.oid),
  c.relreplident, x.relname, y.relname,
  (SELECT w.spcname FROM pg_database b JOIN pg_tablespace w ON w.oid = b.dattablespace WHERE b.datname = current_database()),
  z.amname
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_partitioned_table k ON k.partrelid = c.oid
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
LEFT JOIN pg_class p ON p.oid = i.inhparent
LEFT JOIN pg_namespace m ON m.oid = p.relnamespace
LEFT JOIN pg_class x ON x.oid = (SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = c.oid AND i.indisclustered)
LEFT JOIN pg_class y ON y.oid = (SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
LEFT JOIN pg_am z ON z.oid = c.relam AND z.amname <> 'heap'
WHERE c.relkind IN ('r', 'p', 'f') AND (n.nspname, c.relname) IN ({names})
