-- A row a thing that stands on a table: views, triggers, other tables' foreign keys.
SELECT DISTINCT d.refobjid AS oid, 'view' AS kind, n.nspname, v.relname, pg_get_viewdef(v.oid) AS definition
FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
JOIN pg_class v ON v.oid = r.ev_class AND v.oid <> d.refobjid JOIN pg_namespace n ON n.oid = v.relnamespace
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid IN ({oids}) AND v.relkind IN ('v', 'm')
UNION ALL
SELECT t.tgrelid, 'trigger', n.nspname, t.tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgrelid IN ({oids})
UNION ALL
SELECT x.confrelid, 'foreign key', n.nspname, c.relname, min(pg_get_constraintdef(x.oid))
FROM pg_constraint x JOIN pg_class c ON c.oid = x.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE x.contype = 'f' AND x.conrelid <> x.confrelid AND x.confrelid IN ({oids}) GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
