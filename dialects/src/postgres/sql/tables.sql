-- A row a table: its oid, schema and name, what it is, its comment, and what of it isn't modelled.
SELECT c.oid, n.nspname, c.relname, c.relpersistence = 'u', obj_description(c.oid, 'pg_class'),
  concat_ws(E'\x1f',
    CASE c.relkind WHEN 'p' THEN 'partitions: ' || pg_get_partkeydef(c.oid) WHEN 'f' THEN 'a foreign server' END,
    CASE WHEN c.relispartition THEN 'a parent that it is a partition of' END,
    CASE WHEN NOT c.relispartition AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) THEN 'a parent that it inherits from' END,
    CASE WHEN EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) AND c.relkind <> 'p' THEN 'tables that inherit from it' END,
    CASE WHEN c.relrowsecurity THEN 'row level security' END,
    CASE WHEN EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) THEN 'policies' END,
    CASE WHEN c.reloptions IS NOT NULL THEN 'storage parameters: ' || array_to_string(c.reloptions, ', ') END,
    CASE WHEN c.relacl IS NOT NULL THEN 'grants' END,
    CASE WHEN c.reltablespace <> 0 THEN 'a tablespace of its own' END,
    CASE WHEN EXISTS (SELECT FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'x') THEN 'an exclusion constraint' END,
    CASE WHEN EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid) THEN 'a rule' END,
    CASE WHEN EXISTS (SELECT FROM pg_statistic_ext s WHERE s.stxrelid = c.oid) THEN 'a statistics object' END,
    CASE WHEN EXISTS (SELECT FROM pg_publication_rel p WHERE p.prrelid = c.oid) THEN 'a publication' END,
    CASE WHEN EXISTS (SELECT FROM pg_attribute a JOIN pg_depend d ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
      AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
      JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S' WHERE a.attrelid = c.oid) THEN 'a sequence of its own (serial)' END)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND (n.nspname, c.relname) IN ({names})
