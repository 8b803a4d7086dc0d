-- A row a table: its oid, schema and name, whether it is unlogged, its comment.
SELECT c.oid, n.nspname, c.relname, c.relpersistence = 'u', obj_description(c.oid, 'pg_class')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND (n.nspname, c.relname) IN ({names})
