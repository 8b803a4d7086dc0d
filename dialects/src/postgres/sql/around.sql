-- A row a thing that stands around what is asked for, and without which that isn't understood. The ancestors of an heir and
-- of a partition that is partitioned itself; the views on a table or a view, which go and come back when that changes; and what has the
-- name of something that is asked for as another kind.
WITH RECURSIVE asked (oid) AS (
  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN ({names})
),
above (oid) AS (
  SELECT i.inhparent
  FROM asked a
  JOIN pg_class c ON c.oid = a.oid AND (c.relkind = 'p' OR NOT c.relispartition)
  JOIN pg_inherits i ON i.inhrelid = a.oid
  UNION
  SELECT i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.oid
),
standing (oid) AS (
  SELECT a.oid FROM asked a JOIN pg_class c ON c.oid = a.oid AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
  UNION
  SELECT v.oid
  FROM standing s
  -- By itself, so that its indexes are used.
  CROSS JOIN LATERAL (
    SELECT r.ev_class
    FROM pg_depend d
    JOIN pg_rewrite r ON r.oid = d.objid AND r.rulename = '_RETURN'
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid AND d.classid = 'pg_rewrite'::regclass
    OFFSET 0
  ) v (oid)
)
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'table' END,
  n.nspname, c.relname
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (SELECT oid FROM asked UNION ALL SELECT oid FROM above UNION ALL SELECT oid FROM standing)
  AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
UNION
SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' ELSE 'composite' END, n.nspname, t.typname
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE (n.nspname, t.typname) IN ({names}) AND t.typtype IN ('d', 'e', 'c') AND (c.oid IS NULL OR c.relkind = 'c')
UNION
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, n.nspname, p.proname
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE (n.nspname, p.proname) IN ({names}) AND p.prokind IN ('f', 'p')
ORDER BY 1, 2, 3
