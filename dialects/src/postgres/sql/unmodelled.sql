-- A row a thing that a table has and Dunlin has no model of: of what kind the part is that has it, the part's name, what there is
-- about it, and a column of that.
SELECT c.oid, u.kind, u.name, u.what, u.col
FROM pg_class c
CROSS JOIN LATERAL (
  SELECT 'foreign', NULL, NULL, NULL WHERE c.relkind = 'f'
  UNION ALL SELECT 'of type', format_type(c.reloftype, NULL), NULL, NULL WHERE c.reloftype <> 0
  UNION ALL SELECT NULL, NULL, 'a replica identity whose index is gone', NULL
    WHERE c.relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
  UNION ALL SELECT 'constraint', x.conname, 'that is its parent''s and has a comment', NULL
    FROM pg_constraint x WHERE x.conrelid = c.oid AND NOT x.conislocal AND obj_description(x.oid, 'pg_constraint') IS NOT NULL
  UNION ALL SELECT 'constraint', x.conname, 'that keeps NULL out of new rows of this table alone', NULL
    FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'n' AND x.connoinherit AND NOT x.convalidated
  UNION ALL SELECT 'below', k.relname, w.what, a.attname
    FROM pg_attribute a
    JOIN LATERAL (
      WITH RECURSIVE k AS (
        SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = a.attrelid
        UNION SELECT i.inhrelid FROM pg_inherits i JOIN k ON i.inhparent = k.inhrelid)
      SELECT inhrelid FROM k) d ON true
    JOIN pg_class k ON k.oid = d.inhrelid
    JOIN pg_attribute b ON b.attrelid = d.inhrelid AND b.attname = a.attname AND NOT b.attisdropped
    CROSS JOIN LATERAL (
      SELECT 'storage' WHERE a.attstorage <> b.attstorage
      UNION ALL SELECT 'statistics' WHERE a.attstattarget IS DISTINCT FROM b.attstattarget
      UNION ALL SELECT 'options' WHERE b.attoptions IS NOT NULL
      UNION ALL SELECT 'comment' WHERE col_description(b.attrelid, b.attnum) IS NOT NULL OR EXISTS (
        SELECT FROM pg_constraint x WHERE x.conrelid = b.attrelid AND x.contype = 'n' AND x.conkey = ARRAY[b.attnum]
          AND obj_description(x.oid, 'pg_constraint') IS NOT NULL)
      UNION ALL SELECT 'grants' WHERE b.attacl IS NOT NULL
      UNION ALL SELECT 'not null' WHERE b.attnotnull AND (NOT a.attnotnull OR EXISTS (SELECT FROM pg_constraint x
        WHERE x.conrelid = a.attrelid AND x.contype = 'n' AND x.conkey = ARRAY[a.attnum] AND x.connoinherit))
      UNION ALL SELECT 'default'
        FROM (SELECT) s LEFT JOIN pg_attrdef o ON o.adrelid = a.attrelid AND o.adnum = a.attnum
        LEFT JOIN pg_attrdef p ON p.adrelid = b.attrelid AND p.adnum = b.attnum
        WHERE pg_get_expr(o.adbin, o.adrelid) IS DISTINCT FROM pg_get_expr(p.adbin, p.adrelid)
      UNION ALL SELECT 'constraint' WHERE EXISTS (SELECT FROM pg_constraint x WHERE x.conrelid = b.attrelid
        AND x.conislocal AND x.coninhcount = 0 AND x.conparentid = 0 AND x.contype <> 'n' AND b.attnum = ANY (x.conkey))
      UNION ALL SELECT 'index' WHERE EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = x.oid
        WHERE i.indrelid = b.attrelid AND NOT x.relispartition AND d.refclassid = 'pg_class'::regclass
          AND d.refobjid = b.attrelid AND d.refobjsubid = b.attnum)
      UNION ALL SELECT 'sequence' WHERE EXISTS (SELECT FROM pg_depend d JOIN pg_class s ON s.oid = d.objid
        WHERE d.classid = 'pg_class'::regclass AND s.relkind = 'S' AND d.deptype IN ('a', 'i')
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = b.attrelid AND d.refobjsubid = b.attnum)
      UNION ALL SELECT unnest(CASE WHEN s.stxstattarget >= 0 THEN ARRAY['counted', 'counted finely'] ELSE ARRAY['counted'] END)
        FROM pg_statistic_ext s WHERE s.stxrelid = b.attrelid AND EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass
            AND d.refobjid = b.attrelid AND d.refobjsubid = b.attnum)
    ) w (what)
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT 'lacked index', x.relname, NULL, NULL
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid AND x.relkind = 'I'
    WHERE i.indrelid = c.oid AND NOT x.relispartition AND NOT i.indisvalid
  -- A name that is cut is taken for the server's own choice. An index keeps the names that its columns had before they were renamed,
  -- and one that is made again has the new ones.
  UNION ALL SELECT 'index below', k.relname, y.relname, x.relname
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid AND x.relkind = 'I'
    CROSS JOIN LATERAL pg_partition_tree(x.oid) p
    JOIN pg_index j ON j.indexrelid = p.relid AND p.level > 0
    JOIN pg_class y ON y.oid = j.indexrelid
    JOIN pg_class k ON k.oid = j.indrelid
    LEFT JOIN pg_constraint z ON z.conindid = y.oid AND z.conrelid = k.oid AND z.contype IN ('p', 'u', 'x')
    CROSS JOIN LATERAL (
      SELECT k.relname || '_' || CASE z.contype WHEN 'p' THEN 'pkey' ELSE
        (SELECT string_agg(coalesce(t.attname, a.attname), '_' ORDER BY a.attnum) FROM pg_attribute a
           LEFT JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum = i.indkey[a.attnum - 1] AND t.attnum <> 0
             AND (SELECT count(*) FROM unnest(i.indkey::int2[]) n WHERE n = t.attnum) = 1
           WHERE a.attrelid = x.oid) || CASE z.contype WHEN 'u' THEN '_key' WHEN 'x' THEN '_excl' ELSE '_idx' END END
    ) u (name)
    WHERE i.indrelid = c.oid AND NOT x.relispartition AND octet_length(u.name) < 64
      AND regexp_replace(y.relname, '[0-9]+$', '') <> regexp_replace(u.name, '[0-9]+$', '')
  UNION ALL SELECT 'index', x.relname, 'that is its parent''s and has ' || w.what, NULL
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_inherits h ON h.inhrelid = x.oid
    JOIN pg_class p ON p.oid = h.inhparent
    CROSS JOIN LATERAL (
      SELECT 'a comment' WHERE obj_description(x.oid, 'pg_class') IS NOT NULL
      UNION ALL SELECT 'storage parameters of its own' WHERE x.reloptions IS DISTINCT FROM p.reloptions
    ) w (what)
    WHERE i.indrelid = c.oid AND x.relispartition
  UNION ALL SELECT DISTINCT 'index', x.relname, 'whose copy in table ' || k.relname || ' has ' || w.what, NULL
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid AND x.relkind = 'I'
    CROSS JOIN LATERAL pg_partition_tree(x.oid) p
    JOIN pg_index j ON j.indexrelid = p.relid AND p.level > 0
    JOIN pg_class y ON y.oid = j.indexrelid
    JOIN pg_class k ON k.oid = j.indrelid
    CROSS JOIN LATERAL (
      SELECT 'a comment' WHERE obj_description(y.oid, 'pg_class') IS NOT NULL OR EXISTS (
        SELECT FROM pg_constraint z WHERE z.conindid = y.oid AND z.conrelid = k.oid AND z.contype IN ('p', 'u', 'x')
          AND obj_description(z.oid, 'pg_constraint') IS NOT NULL)
      UNION ALL SELECT 'storage parameters of its own' WHERE y.reloptions IS DISTINCT FROM x.reloptions
      UNION ALL SELECT 'the mark that CLUSTER goes by' WHERE j.indisclustered
      UNION ALL SELECT 'the mark of the replica identity' WHERE j.indisreplident
    ) w (what)
    WHERE i.indrelid = c.oid AND NOT x.relispartition
  UNION ALL SELECT DISTINCT 'constraint', x.conname, 'that has a comment in table ' || k.relname || ' below', NULL
    FROM pg_constraint x
    JOIN LATERAL (
      WITH RECURSIVE k AS (
        SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = x.conrelid
        UNION SELECT i.inhrelid FROM pg_inherits i JOIN k ON i.inhparent = k.inhrelid)
      SELECT inhrelid FROM k) d ON true
    JOIN pg_class k ON k.oid = d.inhrelid
    JOIN pg_constraint y ON y.conrelid = k.oid AND y.contype = x.contype AND NOT y.conislocal AND y.conname = x.conname
    WHERE x.conrelid = c.oid AND x.contype IN ('c', 'f') AND obj_description(y.oid, 'pg_constraint') IS NOT NULL
  UNION ALL SELECT 'foreign key', x.conname, 'that its parent calls ' || p.conname, NULL
    FROM pg_constraint x JOIN pg_constraint p ON p.oid = x.conparentid
    WHERE x.conrelid = c.oid AND x.contype = 'f' AND p.contype = 'f' AND p.conrelid <> c.oid AND x.conname <> p.conname
  UNION ALL SELECT 'trigger', t.tgname, 'that fires otherwise than its parent''s', NULL
    FROM pg_trigger t JOIN pg_trigger p ON p.oid = t.tgparentid WHERE t.tgrelid = c.oid AND t.tgenabled <> p.tgenabled
  UNION ALL SELECT 'sequence', NULL, w.what, a.attname
    FROM pg_depend d
    JOIN pg_class s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
    CROSS JOIN LATERAL (
      SELECT 'a comment' WHERE obj_description(s.oid, 'pg_class') IS NOT NULL
      UNION ALL SELECT 'another persistence' WHERE s.relpersistence <> c.relpersistence
      UNION ALL SELECT 'a type of its own' WHERE EXISTS (
        SELECT FROM pg_sequence q WHERE q.seqrelid = s.oid AND q.seqtypid <> a.atttypid)
      UNION ALL SELECT 'grants' WHERE EXISTS (
        SELECT g.grantee, g.privilege_type, g.is_grantable FROM aclexplode(s.relacl) g WHERE g.grantee <> s.relowner
        EXCEPT
        SELECT g.grantee, g.privilege_type, g.is_grantable
        FROM pg_default_acl o CROSS JOIN LATERAL aclexplode(o.defaclacl) g
        WHERE o.defaclrole = s.relowner AND o.defaclobjtype = 'S' AND o.defaclnamespace IN (0, s.relnamespace))
    ) w (what)
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0 AND d.deptype = 'i'
  UNION ALL SELECT 'constraint', x.conname, 'that has ' || w.what || ' on its index', NULL
    FROM pg_constraint x
    JOIN pg_class i ON i.oid = x.conindid
    CROSS JOIN LATERAL (
      SELECT 'a comment' WHERE obj_description(i.oid, 'pg_class') IS NOT NULL
      UNION ALL SELECT 'storage parameters' WHERE i.reloptions IS NOT NULL AND x.contype <> 'x'
      UNION ALL SELECT 'a tablespace' WHERE i.reltablespace <> 0 AND x.contype <> 'x'
    ) w (what)
    WHERE x.conrelid = c.oid AND x.contype IN ('p', 'u', 'x') AND x.conparentid = 0
  UNION ALL SELECT DISTINCT 'constraint', x.conname, 'whose own triggers don''t fire as they would', NULL
    FROM pg_constraint x JOIN pg_trigger t ON t.tgconstraint = x.oid AND t.tgisinternal AND t.tgenabled <> 'O'
    WHERE x.conrelid = c.oid
  UNION ALL SELECT 'remarked', NULL, NULL, a.attname
    FROM pg_constraint x JOIN pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = x.conkey[1]
    WHERE x.conrelid = c.oid AND x.contype = 'n' AND obj_description(x.oid, 'pg_constraint') IS NOT NULL
  UNION ALL SELECT 'index', x.relname, 'that has a statistics target of its own on ' || pg_get_indexdef(x.oid, a.attnum, true), NULL
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_attribute a ON a.attrelid = x.oid AND a.attstattarget >= 0
    WHERE i.indrelid = c.oid AND (x.relispartition OR EXISTS (SELECT FROM pg_constraint y WHERE y.conindid = x.oid))
  UNION ALL SELECT DISTINCT 'sampled below', k.relname, NULL, x.relname
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid AND x.relkind = 'I'
    CROSS JOIN LATERAL pg_partition_tree(x.oid) p
    JOIN pg_index j ON j.indexrelid = p.relid AND p.level > 0
    JOIN pg_class k ON k.oid = j.indrelid
    JOIN pg_attribute a ON a.attrelid = x.oid
    JOIN pg_attribute b ON b.attrelid = j.indexrelid AND b.attnum = a.attnum
      AND nullif(b.attstattarget, -1) IS DISTINCT FROM nullif(a.attstattarget, -1)
    WHERE i.indrelid = c.oid AND NOT x.relispartition
  UNION ALL SELECT 'index', x.relname, 'that has a mark that it depends on extension ' || e.extname, NULL
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = x.oid AND d.deptype = 'x'
    JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
    WHERE i.indrelid = c.oid
) u (kind, name, what, col)
WHERE c.oid IN ({oids})
ORDER BY 1, 2, 3, 4, 5
