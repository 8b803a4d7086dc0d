-- A row a thing that a table has and Dunlin has no model of, in words.
SELECT c.oid, u.what
FROM pg_class c
CROSS JOIN LATERAL (
  SELECT 'a foreign server' WHERE c.relkind = 'f'
  UNION ALL SELECT 'a type that it is of' WHERE c.reloftype <> 0
  UNION ALL SELECT 'access method ' || m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'
  UNION ALL SELECT 'a replica identity whose index is gone'
    WHERE c.relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
  UNION ALL SELECT 'constraint ' || x.conname || ', which is its parent''s and has a comment'
    FROM pg_constraint x WHERE x.conrelid = c.oid AND NOT x.conislocal AND obj_description(x.oid, 'pg_constraint') IS NOT NULL
  UNION ALL SELECT 'constraint ' || x.conname || ', which keeps NULL out of new rows alone'
    FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'n' AND NOT x.convalidated
  UNION ALL SELECT 'constraint ' || x.conname || ', which keeps NULL out of this table alone'
    FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'n' AND x.connoinherit
  UNION ALL SELECT 'table ' || k.relname || ' below it, which has ' || w.what || ' of its own on column ' || a.attname
    FROM pg_attribute a
    JOIN LATERAL (
      WITH RECURSIVE k AS (
        SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = a.attrelid
        UNION SELECT i.inhrelid FROM pg_inherits i JOIN k ON i.inhparent = k.inhrelid)
      SELECT inhrelid FROM k) d ON true
    JOIN pg_class k ON k.oid = d.inhrelid
    JOIN pg_attribute b ON b.attrelid = d.inhrelid AND b.attname = a.attname AND NOT b.attisdropped
    CROSS JOIN LATERAL (
      SELECT 'a storage' WHERE a.attstorage <> b.attstorage
      UNION ALL SELECT 'a statistics target' WHERE a.attstattarget IS DISTINCT FROM b.attstattarget
      UNION ALL SELECT 'options' WHERE b.attoptions IS NOT NULL
    ) w (what)
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT 'index ' || x.relname || ', which is its parent''s and has a comment'
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND x.relispartition AND obj_description(x.oid, 'pg_class') IS NOT NULL
  UNION ALL SELECT 'foreign key ' || x.conname || ', which its parent calls ' || p.conname
    FROM pg_constraint x JOIN pg_constraint p ON p.oid = x.conparentid
    WHERE x.conrelid = c.oid AND x.contype = 'f' AND p.contype = 'f' AND p.conrelid <> c.oid AND x.conname <> p.conname
  UNION ALL SELECT 'trigger ' || t.tgname || ', which its parent''s fires otherwise than'
    FROM pg_trigger t JOIN pg_trigger p ON p.oid = t.tgparentid WHERE t.tgrelid = c.oid AND t.tgenabled <> p.tgenabled
  UNION ALL SELECT w.what || ' on the sequence of column ' || a.attname
    FROM pg_depend d
    JOIN pg_class s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
    CROSS JOIN LATERAL (
      SELECT 'a comment' WHERE obj_description(s.oid, 'pg_class') IS NOT NULL
      UNION ALL SELECT 'grants' WHERE EXISTS (
        SELECT g.grantee, g.privilege_type, g.is_grantable FROM aclexplode(s.relacl) g WHERE g.grantee <> s.relowner
        EXCEPT
        SELECT g.grantee, g.privilege_type, g.is_grantable
        FROM pg_default_acl o CROSS JOIN LATERAL aclexplode(o.defaclacl) g
        WHERE o.defaclrole = s.relowner AND o.defaclobjtype = 'S' AND o.defaclnamespace IN (0, s.relnamespace))
    ) w (what)
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0 AND d.deptype = 'i'
  UNION ALL SELECT 'constraint ' || x.conname || ', which has ' || w.what || ' on its index over '
      || (SELECT string_agg(a.attname, ', ') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (x.conkey))
    FROM pg_constraint x
    JOIN pg_class i ON i.oid = x.conindid
    CROSS JOIN LATERAL (
      SELECT 'a comment' WHERE obj_description(i.oid, 'pg_class') IS NOT NULL
      UNION ALL SELECT 'storage parameters' WHERE i.reloptions IS NOT NULL
    ) w (what)
    WHERE x.conrelid = c.oid AND x.contype IN ('p', 'u') AND x.conparentid = 0
  UNION ALL SELECT 'index ' || x.relname || ', which has a statistics target of its own on ' || pg_get_indexdef(x.oid, a.attnum, true)
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_attribute a ON a.attrelid = x.oid AND a.attstattarget >= 0
    WHERE i.indrelid = c.oid
  UNION ALL SELECT 'index ' || x.relname || ', which has a mark that it depends on extension ' || e.extname
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = x.oid AND d.deptype = 'x'
    JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
    WHERE i.indrelid = c.oid
) u (what)
WHERE c.oid IN ({oids})
ORDER BY c.oid, u.what
