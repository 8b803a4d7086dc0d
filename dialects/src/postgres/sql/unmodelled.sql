-- A row a thing that a table has and Dunlin has no model of, in words. Grants are named unless they are the owner's own
-- or those that whoever creates a table there gives by default.
SELECT c.oid, u.what
FROM pg_class c
CROSS JOIN LATERAL (
  SELECT 'partitions: ' || pg_get_partkeydef(c.oid) WHERE c.relkind = 'p'
  UNION ALL SELECT 'a foreign server' WHERE c.relkind = 'f'
  UNION ALL SELECT 'a parent that it is a partition of' WHERE c.relispartition
  UNION ALL SELECT 'a type that it is of' WHERE c.reloftype <> 0
  UNION ALL SELECT 'a parent that it inherits from'
    FROM pg_inherits i WHERE i.inhrelid = c.oid AND NOT c.relispartition
  UNION ALL SELECT 'a table that inherits from it: ' || i.inhrelid::regclass
    FROM pg_inherits i WHERE i.inhparent = c.oid AND c.relkind <> 'p'
  UNION ALL SELECT 'row level security' WHERE c.relrowsecurity OR c.relforcerowsecurity
  UNION ALL SELECT 'policy ' || p.polname FROM pg_policy p WHERE p.polrelid = c.oid
  UNION ALL SELECT 'storage parameters: ' || array_to_string(c.reloptions, ', ') WHERE c.reloptions IS NOT NULL
  UNION ALL SELECT 'access method ' || m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'
  UNION ALL SELECT 'a tablespace of its own' WHERE c.reltablespace <> 0
  UNION ALL SELECT 'a replica identity of its own' WHERE c.relreplident NOT IN ('d')
  UNION ALL SELECT 'grants'
    WHERE c.relacl IS NOT NULL AND c.relacl <> acldefault('r', c.relowner)
      AND NOT EXISTS (SELECT FROM pg_default_acl a WHERE a.defaclrole = c.relowner AND a.defaclobjtype = 'r')
  UNION ALL SELECT 'exclusion constraint ' || x.conname || ', ' || pg_get_constraintdef(x.oid)
    FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'x'
  UNION ALL SELECT 'rule ' || r.rulename FROM pg_rewrite r WHERE r.ev_class = c.oid
  UNION ALL SELECT 'statistics object ' || s.stxname || ', ' || pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s WHERE s.stxrelid = c.oid
  UNION ALL SELECT 'publication ' || b.pubname
    FROM pg_publication_rel p JOIN pg_publication b ON b.oid = p.prpubid WHERE p.prrelid = c.oid
) u (what)
WHERE c.oid IN ({oids})
ORDER BY c.oid, u.what
