-- A row an edge between one of the things that were read and something else: what it needs, and what stands on it.
-- Its own parts count as it: all that would vanish with it, but for tables, which are partitions then.
WITH RECURSIVE given (key, class, id) AS (VALUES {things}),
own (key, class, id) AS (
  SELECT key, class::oid, id::oid FROM given
  UNION
  SELECT o.key, d.classid, d.objid
  FROM own o JOIN pg_depend d ON d.refclassid = o.class AND d.refobjid = o.id AND d.deptype IN ('a', 'i', 'e')
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
  WHERE c.relkind IS NULL OR c.relkind NOT IN ('r', 'p', 'f')
),
edge (key, needs, class, id, sub) AS (
  SELECT DISTINCT o.key, false, coalesce(x.refclassid, d.classid), coalesce(x.refobjid, d.objid),
    CASE WHEN x.refobjid IS NULL THEN d.objsubid ELSE 0 END
  FROM own o JOIN pg_depend d ON d.refclassid = o.class AND d.refobjid = o.id AND d.deptype IN ('n', 'a')
  -- What an extension brought goes with it.
  LEFT JOIN pg_depend x ON x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e'
  WHERE NOT EXISTS (SELECT FROM own p WHERE p.key = o.key AND p.class = d.classid AND p.id = d.objid)
  UNION ALL
  SELECT DISTINCT o.key, true, coalesce(x.refclassid, d.refclassid), coalesce(x.refobjid, d.refobjid),
    CASE WHEN x.refobjid IS NULL THEN d.refobjsubid ELSE 0 END
  FROM own o JOIN pg_depend d ON d.classid = o.class AND d.objid = o.id AND d.deptype = 'n'
  -- What an extension brought comes with it.
  LEFT JOIN pg_depend x ON x.classid = d.refclassid AND x.objid = d.refobjid AND x.deptype = 'e'
  WHERE d.refclassid <> 'pg_namespace'::regclass
    AND NOT EXISTS (SELECT FROM own p WHERE p.key = o.key AND p.class = d.refclassid AND p.id = d.refobjid)
),
-- The row type of a relation, and the type of arrays, stand for what they are of.
thing (key, needs, class, id, sub) AS (
  SELECT e.key, e.needs,
    CASE WHEN c.relkind <> 'c' THEN 'pg_class'::regclass::oid ELSE e.class END,
    CASE WHEN c.relkind <> 'c' THEN c.oid ELSE coalesce(b.oid, t.oid, e.id) END,
    e.sub
  FROM edge e
  LEFT JOIN pg_type t ON e.class = 'pg_type'::regclass AND t.oid = e.id
  LEFT JOIN pg_type b ON b.oid = t.typelem AND b.typarray = t.oid
  LEFT JOIN pg_class c ON c.oid = coalesce(b.typrelid, t.typrelid)
)
-- Relations, their columns, and indexes.
SELECT x.key, x.needs,
  CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite'
    ELSE CASE WHEN x.sub > 0 AND NOT x.needs THEN 'column' ELSE 'table' END END AS what,
  n.nspname AS schema, coalesce(r.relname, c.relname) AS name, NULL AS on_schema, NULL AS on_name, NULL::text[] AS args,
  CASE WHEN x.sub > 0 AND NOT x.needs THEN a.attname END AS column,
  CASE
    WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid)
    WHEN c.relkind IN ('i', 'I') THEN pg_get_indexdef(c.oid)
    WHEN x.sub > 0 AND NOT x.needs THEN format_type(a.atttypid, a.atttypmod) || coalesce(CASE
      WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
      ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END, '')
  END AS definition
FROM thing x
JOIN pg_class c ON x.class = 'pg_class'::regclass AND c.oid = x.id AND c.relkind <> 't'
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_class r ON r.oid = i.indrelid
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.sub AND x.sub > 0
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attinhcount IS NULL OR a.attinhcount = 0 OR c.relkind NOT IN ('r', 'p', 'f')
UNION
-- Defaults and generation expressions.
SELECT x.key, x.needs, 'column', n.nspname, c.relname, NULL, NULL, NULL, a.attname,
  format_type(a.atttypid, a.atttypmod) || CASE
    WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
    ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END
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
  CASE WHEN r.rulename = '_RETURN' THEN pg_get_viewdef(c.oid) ELSE pg_get_ruledef(r.oid) END
FROM thing x
JOIN pg_rewrite r ON x.class = 'pg_rewrite'::regclass AND r.oid = x.id
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT x.needs
UNION
-- Foreign keys, other constraints, and what a domain refuses.
SELECT x.key, x.needs,
  CASE WHEN c.oid IS NULL THEN 'domain' WHEN k.contype = 'f' THEN 'foreign key' ELSE 'table' END,
  n.nspname, coalesce(c.relname, t.typname), NULL, NULL, NULL, NULL, pg_get_constraintdef(k.oid)
FROM thing x
JOIN pg_constraint k ON x.class = 'pg_constraint'::regclass AND k.oid = x.id
LEFT JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_type t ON t.oid = k.contypid
JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
WHERE NOT x.needs
UNION
-- Triggers and policies, which stand on a function or on another table.
SELECT x.key, x.needs, CASE x.class WHEN 'pg_trigger'::regclass THEN 'trigger' ELSE 'policy' END,
  NULL, coalesce(t.tgname, p.polname), n.nspname, c.relname, NULL, NULL, pg_get_triggerdef(t.oid)
FROM thing x
LEFT JOIN pg_trigger t ON x.class = 'pg_trigger'::regclass AND t.oid = x.id
LEFT JOIN pg_policy p ON x.class = 'pg_policy'::regclass AND p.oid = x.id
JOIN pg_class c ON c.oid = coalesce(t.tgrelid, p.polrelid)
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT x.needs
UNION
-- A relation's own triggers.
SELECT g.key, false, 'own trigger', NULL, t.tgname, n.nspname, c.relname, NULL, NULL, pg_get_triggerdef(t.oid)
FROM given g
JOIN pg_class c ON g.class::oid = 'pg_class'::regclass AND c.oid = g.id::oid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0
UNION
-- Routines.
SELECT x.key, x.needs, CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
  n.nspname, p.proname, NULL, NULL,
  array(SELECT format_type(t.oid, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t (oid, at) ORDER BY t.at), NULL, NULL
FROM thing x
JOIN pg_proc p ON x.class = 'pg_proc'::regclass AND p.oid = x.id
JOIN pg_namespace n ON n.oid = p.pronamespace
UNION
-- Types.
SELECT x.key, x.needs, CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite' ELSE 'type' END,
  n.nspname, t.typname, NULL, NULL, NULL, NULL, NULL
FROM thing x
JOIN pg_type t ON x.class = 'pg_type'::regclass AND t.oid = x.id
JOIN pg_namespace n ON n.oid = t.typnamespace
UNION
-- What is not in a schema, and the rest.
SELECT x.key, x.needs,
  CASE x.class WHEN 'pg_extension'::regclass THEN 'extension' WHEN 'pg_collation'::regclass THEN 'collation'
    WHEN 'pg_namespace'::regclass THEN 'schema' WHEN 'pg_statistic_ext'::regclass THEN 'statistics' ELSE 'other' END,
  coalesce(m.nspname, q.nspname), coalesce(e.extname, o.collname, n.nspname, s.stxname, pg_describe_object(x.class, x.id, x.sub)),
  NULL, NULL, NULL, NULL, NULL
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
SELECT g.key, false, 'unmodelled', NULL, 'a security label of ' || l.provider, NULL, NULL, NULL, NULL, NULL
FROM given g JOIN pg_seclabel l ON l.classoid = g.class::oid AND l.objoid = g.id::oid
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
