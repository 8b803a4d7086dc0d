-- A row an edge between one of the things that were read and something else: what it needs, and what stands on it.
-- Its own parts count as it: all that would vanish with it, but for tables, which are partitions then. What stands on the columns of
-- an enum stands on it too, for it keeps them from changing to another one. Last, the column that is used, where one is; and the
-- name of a check or an index. A branch that begins with `Only of` is left out where nothing of these kinds is given, for most of the
-- time goes into planning.
WITH RECURSIVE given (key, class, id) AS (VALUES {things}),
own (key, class, id) AS (
  SELECT key, class::oid, id::oid FROM given
  UNION
  SELECT o.key, d.classid, d.objid
  FROM own o JOIN pg_depend d ON d.refclassid = o.class AND d.refobjid = o.id AND d.deptype IN ('a', 'i', 'e')
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
  WHERE c.relkind IS NULL OR c.relkind NOT IN ('r', 'p', 'f')
),
-- The columns of an enum and of arrays of it.
typed (key, relid, num, name) AS (
  SELECT g.key, a.attrelid, a.attnum, a.attname
  FROM given g
  JOIN pg_type t ON g.class::oid = 'pg_type'::regclass AND t.oid = g.id::oid AND t.typtype = 'e'
  JOIN pg_attribute a ON a.atttypid IN (t.oid, t.typarray) AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
),
edge (key, needs, class, id, sub, used) AS (
  SELECT DISTINCT o.key, false, coalesce(x.refclassid, d.classid), coalesce(x.refobjid, d.objid),
    CASE WHEN x.refobjid IS NULL THEN d.objsubid ELSE 0 END,
    (SELECT a.attname FROM given g
     JOIN pg_attribute a ON a.attrelid = o.id AND a.attnum = d.refobjsubid
     WHERE g.key = o.key AND o.class = 'pg_class'::regclass AND d.refobjsubid > 0
       AND (g.class::oid = o.class AND g.id::oid = o.id
         -- A composite type's attributes are columns too.
         OR g.class::oid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type t WHERE t.oid = g.id::oid AND t.typrelid = o.id)))
  -- What is marked as depending on an extension (x) goes with that.
  FROM own o JOIN pg_depend d ON d.refclassid = o.class AND d.refobjid = o.id AND d.deptype IN ('n', 'a', 'x')
  -- What an extension brought goes with it.
  LEFT JOIN pg_depend x ON x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e'
  WHERE NOT EXISTS (SELECT FROM own p WHERE p.key = o.key AND p.class = d.classid AND p.id = d.objid)
  UNION ALL
  SELECT DISTINCT t.key, false, d.classid, d.objid, 0, NULL::name
  FROM typed t
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.relid AND d.refobjsubid = t.num
    AND d.classid IN ('pg_rewrite'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass)
  UNION ALL
  SELECT DISTINCT o.key, true, coalesce(x.refclassid, d.refclassid), coalesce(x.refobjid, d.refobjid),
    CASE WHEN x.refobjid IS NULL THEN d.refobjsubid ELSE 0 END, NULL::name
  FROM own o JOIN pg_depend d ON d.classid = o.class AND d.objid = o.id AND d.deptype = 'n'
  -- What an extension brought comes with it.
  LEFT JOIN pg_depend x ON x.classid = d.refclassid AND x.objid = d.refobjid AND x.deptype = 'e'
  WHERE d.refclassid <> 'pg_namespace'::regclass
    AND NOT EXISTS (SELECT FROM own p WHERE p.key = o.key AND p.class = d.refclassid AND p.id = d.refobjid)
),
-- The row type of a relation, and the type of arrays, stand for what they are of.
thing (key, needs, class, id, sub, used) AS (
  SELECT e.key, e.needs,
    CASE WHEN c.relkind <> 'c' THEN 'pg_class'::regclass::oid ELSE e.class END,
    CASE WHEN c.relkind <> 'c' THEN c.oid ELSE coalesce(b.oid, t.oid, e.id) END,
    e.sub, e.used
  FROM edge e
  LEFT JOIN pg_type t ON e.class = 'pg_type'::regclass AND t.oid = e.id
  LEFT JOIN pg_type b ON b.oid = t.typelem AND b.typarray = t.oid
  LEFT JOIN pg_class c ON c.oid = coalesce(b.typrelid, t.typrelid)
)
-- Relations, their columns, and indexes.
SELECT x.key, x.needs,
  CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite'
    WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' ELSE CASE WHEN x.sub > 0 AND NOT x.needs THEN 'column' ELSE 'table' END END AS what,
  n.nspname AS schema, coalesce(r.relname, c.relname) AS name, NULL AS on_schema, NULL AS on_name, NULL::text[] AS args,
  CASE WHEN x.sub > 0 AND NOT x.needs THEN a.attname END AS column,
  CASE
    WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid)
    WHEN c.relkind IN ('i', 'I') THEN pg_get_indexdef(c.oid)
    WHEN x.sub > 0 AND NOT x.needs THEN format_type(a.atttypid, a.atttypmod) || coalesce(CASE
      WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
      ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END, '')
  END AS definition,
  CASE WHEN c.relkind IN ('i', 'I') THEN u.attname ELSE x.used END AS used,
  CASE WHEN c.relkind IN ('i', 'I') THEN c.relname END AS part
FROM thing x
JOIN pg_class c ON x.class = 'pg_class'::regclass AND c.oid = x.id AND c.relkind <> 't'
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_class r ON r.oid = i.indrelid
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.sub AND x.sub > 0
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_attribute u ON u.attrelid = i.indrelid AND u.attnum = ANY (i.indkey::int2[])
-- A partition's copy of an index goes and comes with its parent's.
WHERE (a.attinhcount IS NULL OR a.attinhcount = 0 OR c.relkind NOT IN ('r', 'p', 'f'))
  AND NOT (c.relkind IN ('i', 'I') AND c.relispartition)
UNION
-- Defaults and generation expressions.
SELECT x.key, x.needs, 'column', n.nspname, c.relname, NULL, NULL, NULL, a.attname,
  format_type(a.atttypid, a.atttypmod) || CASE
    WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
    ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
  x.used, NULL
FROM thing x
JOIN pg_attrdef d ON x.class = 'pg_attrdef'::regclass AND d.oid = x.id
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
JOIN pg_class c ON c.oid = d.adrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT x.needs
  -- A default that came from a parent goes and comes with the parent's.
  AND NOT (a.attinhcount > 0 AND EXISTS (
    SELECT FROM pg_inherits h
    JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname
    JOIN pg_attrdef o ON o.adrelid = p.attrelid AND o.adnum = p.attnum
    WHERE h.inhrelid = c.oid AND pg_get_expr(o.adbin, o.adrelid) = pg_get_expr(d.adbin, d.adrelid)))
UNION
-- Views by their queries, and rules.
SELECT x.key, x.needs,
  CASE WHEN r.rulename <> '_RETURN' THEN 'rule' WHEN c.relkind = 'm' THEN 'materialized view' ELSE 'view' END,
  CASE WHEN r.rulename = '_RETURN' THEN n.nspname END, CASE WHEN r.rulename = '_RETURN' THEN c.relname ELSE r.rulename END,
  CASE WHEN r.rulename <> '_RETURN' THEN n.nspname END, CASE WHEN r.rulename <> '_RETURN' THEN c.relname END, NULL, NULL,
  CASE WHEN r.rulename = '_RETURN' THEN pg_get_viewdef(c.oid) ELSE pg_get_ruledef(r.oid) END, x.used, NULL
FROM thing x
JOIN pg_rewrite r ON x.class = 'pg_rewrite'::regclass AND r.oid = x.id
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT x.needs
UNION
-- Foreign keys, other constraints, and what a domain refuses.
SELECT x.key, x.needs,
  CASE WHEN c.oid IS NULL THEN 'domain' WHEN k.contype = 'f' AND k.conislocal THEN 'foreign key'
    WHEN k.contype = 'f' THEN 'foreign key above' WHEN k.contype = 'c' THEN 'check' ELSE 'table' END,
  n.nspname, coalesce(c.relname, t.typname), NULL, NULL, NULL, NULL, pg_get_constraintdef(k.oid),
  coalesce(u.attname, x.used), CASE WHEN k.contype = 'c' AND c.oid IS NOT NULL THEN k.conname END
FROM thing x
JOIN pg_constraint k ON x.class = 'pg_constraint'::regclass AND k.oid = x.id
LEFT JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_type t ON t.oid = k.contypid
LEFT JOIN pg_attribute u ON k.contype = 'c' AND u.attrelid = k.conrelid AND u.attnum = ANY (k.conkey)
JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
LEFT JOIN pg_constraint h ON h.oid = k.conparentid
-- What is only inherited goes and comes with the parent's. A foreign key to a partitioned table refers to each partition too.
WHERE NOT x.needs AND (k.conislocal OR k.contype = 'f' AND k.conrelid = h.conrelid AND k.confrelid <> h.confrelid)
UNION
-- Triggers and policies, which stand on a function or on another table.
SELECT x.key, x.needs, CASE x.class WHEN 'pg_trigger'::regclass THEN 'trigger' ELSE 'policy' END,
  NULL, coalesce(t.tgname, p.polname), n.nspname, c.relname, NULL, NULL, pg_get_triggerdef(t.oid), x.used, NULL
FROM thing x
LEFT JOIN pg_trigger t ON x.class = 'pg_trigger'::regclass AND t.oid = x.id
LEFT JOIN pg_policy p ON x.class = 'pg_policy'::regclass AND p.oid = x.id
JOIN pg_class c ON c.oid = coalesce(t.tgrelid, p.polrelid)
JOIN pg_namespace n ON n.oid = c.relnamespace
-- A partition's copy of a trigger goes and comes with its parent's.
WHERE NOT x.needs AND coalesce(t.tgparentid, 0) = 0
UNION
-- Only of relations: their own triggers.
SELECT g.key, false, 'own trigger', NULL, t.tgname, n.nspname, c.relname, NULL, NULL, pg_get_triggerdef(t.oid), a.attname, NULL
FROM given g
JOIN pg_class c ON g.class::oid = 'pg_class'::regclass AND c.oid = g.id::oid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0
LEFT JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.refclassid = 'pg_class'::regclass
  AND d.refobjid = c.oid AND d.refobjsubid > 0
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
UNION
-- Only of relations: constraint triggers elsewhere that name them behind FROM, and go with them without a word.
SELECT g.key, false, 'trigger', NULL, t.tgname, n.nspname, c.relname, NULL, NULL, pg_get_triggerdef(t.oid), NULL::name, NULL
FROM given g
JOIN pg_trigger t ON g.class::oid = 'pg_class'::regclass AND t.tgconstrrelid = g.id::oid AND t.tgrelid <> g.id::oid
  AND NOT t.tgisinternal AND t.tgparentid = 0
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
UNION
-- Only of relations: their own policies, and those of the tables below.
SELECT g.key, false, 'own policy', NULL, p.polname, n.nspname, c.relname, NULL, NULL, NULL, a.attname, NULL
FROM given g
CROSS JOIN LATERAL (
  WITH RECURSIVE k AS (SELECT g.id::oid AS id UNION SELECT i.inhrelid FROM pg_inherits i JOIN k ON i.inhparent = k.id)
  SELECT id FROM k
) k
JOIN pg_class c ON g.class::oid = 'pg_class'::regclass AND c.oid = k.id
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_policy p ON p.polrelid = c.oid
JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_class'::regclass
  AND d.refobjid = c.oid AND d.refobjsubid > 0
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
UNION
-- Only of enums: what is partitioned by a column of one.
SELECT t.key, false, 'partition key', n.nspname, c.relname, NULL, NULL, NULL, NULL, NULL, t.name, NULL
FROM typed t
JOIN pg_partitioned_table p ON p.partrelid = t.relid AND t.num = ANY (p.partattrs::int2[])
JOIN pg_class c ON c.oid = t.relid
JOIN pg_namespace n ON n.oid = c.relnamespace
UNION
-- Only of enums: publications that filter by a column of one, or have it among their columns.
SELECT t.key, false, 'publication', NULL, p.pubname, NULL, NULL, NULL, NULL, NULL, t.name, NULL
FROM typed t
JOIN pg_depend d ON d.classid = 'pg_publication_rel'::regclass AND d.refclassid = 'pg_class'::regclass
  AND d.refobjid = t.relid AND d.refobjsubid = t.num
JOIN pg_publication_rel r ON r.oid = d.objid
JOIN pg_publication p ON p.oid = r.prpubid
UNION
-- Routines.
SELECT x.key, x.needs, CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
  n.nspname, p.proname, NULL, NULL,
  array(SELECT format_type(t.oid, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t (oid, at) ORDER BY t.at), NULL, NULL, x.used, NULL
FROM thing x
JOIN pg_proc p ON x.class = 'pg_proc'::regclass AND p.oid = x.id
JOIN pg_namespace n ON n.oid = p.pronamespace
UNION
-- Types.
SELECT x.key, x.needs, CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite' ELSE 'type' END,
  n.nspname, t.typname, NULL, NULL, NULL, NULL, NULL, x.used, NULL
FROM thing x
JOIN pg_type t ON x.class = 'pg_type'::regclass AND t.oid = x.id
JOIN pg_namespace n ON n.oid = t.typnamespace
UNION
-- What is not in a schema, and the rest.
SELECT x.key, x.needs,
  CASE x.class WHEN 'pg_extension'::regclass THEN 'extension' WHEN 'pg_collation'::regclass THEN 'collation'
    WHEN 'pg_namespace'::regclass THEN 'schema' WHEN 'pg_statistic_ext'::regclass THEN 'statistics' ELSE 'other' END,
  coalesce(m.nspname, q.nspname), coalesce(e.extname, o.collname, n.nspname, s.stxname, pg_describe_object(x.class, x.id, x.sub)),
  NULL, NULL, NULL, NULL, NULL, x.used, NULL
FROM thing x
LEFT JOIN pg_extension e ON x.class = 'pg_extension'::regclass AND e.oid = x.id
LEFT JOIN pg_collation o ON x.class = 'pg_collation'::regclass AND o.oid = x.id
LEFT JOIN pg_namespace m ON m.oid = o.collnamespace
LEFT JOIN pg_namespace n ON x.class = 'pg_namespace'::regclass AND n.oid = x.id
LEFT JOIN pg_statistic_ext s ON x.class = 'pg_statistic_ext'::regclass AND s.oid = x.id
LEFT JOIN pg_namespace q ON q.oid = s.stxnamespace
WHERE x.class NOT IN ('pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_rewrite'::regclass, 'pg_constraint'::regclass,
    'pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass,
    'pg_publication_rel'::regclass, 'pg_publication_namespace'::regclass, 'pg_default_acl'::regclass)
UNION
SELECT g.key, false, 'unmodelled', NULL, NULL, 'a security label of ' || l.provider, NULL, NULL, NULL, NULL, NULL, NULL
FROM given g JOIN pg_seclabel l ON l.classoid = g.class::oid AND l.objoid = g.id::oid
UNION
SELECT g.key, false, 'unmodelled', NULL, NULL, 'a mark that it depends on extension ' || e.extname, NULL, NULL, NULL, NULL, NULL, NULL
FROM given g
JOIN pg_depend d ON d.classid = g.class::oid AND d.objid = g.id::oid AND d.deptype = 'x'
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
UNION
SELECT g.key, false, 'unmodelled', 'extension', e.extname, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM given g
JOIN pg_depend d ON d.classid = g.class::oid AND d.objid = g.id::oid AND d.deptype = 'e'
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
UNION
-- Only of triggers: one of a partitioned table fires by a switch of its own in each partition.
SELECT g.key, false, 'unmodelled', 'partition', c.relname, 'in which it fires otherwise', NULL, NULL, NULL, NULL, NULL, NULL
FROM given g
JOIN pg_trigger t ON g.class::oid = 'pg_trigger'::regclass AND t.oid = g.id::oid
CROSS JOIN LATERAL pg_partition_tree(t.tgrelid) p
JOIN pg_class c ON c.oid = p.relid
JOIN pg_trigger k ON k.tgrelid = p.relid AND k.tgname = t.tgname AND k.tgparentid <> 0 AND k.tgenabled <> t.tgenabled
UNION
-- Only of enums: what a check or an index that stands on one has beyond its definition, in rows behind those of both: a remark,
-- and a tablespace.
SELECT x.key, false, 'part', n.nspname, r.relname, u.comment, u.space, NULL, NULL, NULL, NULL, u.name
FROM thing x
JOIN given g ON g.key = x.key AND g.class::oid = 'pg_type'::regclass
CROSS JOIN LATERAL (
  SELECT k.conrelid, k.conname, obj_description(k.oid, 'pg_constraint'), NULL FROM pg_constraint k
  WHERE x.class = 'pg_constraint'::regclass AND k.oid = x.id
  UNION ALL SELECT i.indrelid, c.relname, obj_description(c.oid, 'pg_class'), s.spcname
  FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
  WHERE x.class = 'pg_class'::regclass AND c.oid = x.id AND NOT c.relispartition
) u (relid, name, comment, space)
JOIN pg_class r ON r.oid = u.relid
JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE NOT x.needs AND coalesce(u.comment, u.space) IS NOT NULL
UNION
-- Only of enums: the tablespaces of the partitions of an index may be others.
SELECT x.key, false, 'unmodelled', 'index', c.relname, 'that has a tablespace of its own', NULL, NULL, NULL, NULL, NULL, NULL
FROM thing x
JOIN given g ON g.key = x.key AND g.class::oid = 'pg_type'::regclass
JOIN pg_class c ON x.class = 'pg_class'::regclass AND c.oid = x.id AND c.relkind = 'I' AND NOT c.relispartition
WHERE NOT x.needs AND c.reltablespace <> 0
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
