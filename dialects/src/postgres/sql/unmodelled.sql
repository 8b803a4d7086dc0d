-- A row a thing that a table has and Dunlin has no model of, in words.
SELECT c.oid, u.what
FROM pg_class c
CROSS JOIN LATERAL (
  SELECT 'a foreign server' WHERE c.relkind = 'f'
  UNION ALL SELECT 'a type that it is of' WHERE c.reloftype <> 0
  UNION ALL SELECT 'access method ' || m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'
  UNION ALL SELECT 'a replica identity of its own' WHERE c.relreplident NOT IN ('d')
  UNION ALL SELECT 'constraint ' || x.conname || ', which is its parent''s and has a comment'
    FROM pg_constraint x WHERE x.conrelid = c.oid AND NOT x.conislocal AND obj_description(x.oid, 'pg_constraint') IS NOT NULL
  UNION ALL SELECT 'constraint ' || x.conname || ', which keeps NULL out of new rows alone'
    FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'n' AND NOT x.convalidated
  UNION ALL SELECT 'constraint ' || x.conname || ', which keeps NULL out of this table alone'
    FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'n' AND x.connoinherit
  UNION ALL SELECT 'index ' || x.relname || ', which is its parent''s and has a comment'
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND x.relispartition AND obj_description(x.oid, 'pg_class') IS NOT NULL
  UNION ALL SELECT 'foreign key ' || x.conname || ', which its parent calls ' || p.conname
    FROM pg_constraint x JOIN pg_constraint p ON p.oid = x.conparentid
    WHERE x.conrelid = c.oid AND x.contype = 'f' AND p.contype = 'f' AND p.conrelid <> c.oid AND x.conname <> p.conname
  UNION ALL SELECT 'trigger ' || t.tgname || ', which its parent''s fires otherwise than'
    FROM pg_trigger t JOIN pg_trigger p ON p.oid = t.tgparentid WHERE t.tgrelid = c.oid AND t.tgenabled <> p.tgenabled
) u (what)
WHERE c.oid IN ({oids})
ORDER BY c.oid, u.what
