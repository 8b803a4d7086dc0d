-- A row a rule of a table or a view, but for the one that makes a view what it is.
SELECT r.oid, NULL, r.rulename, obj_description(r.oid, 'pg_rewrite'), NULL, n.nspname, c.relname, r.ev_type, r.is_instead,
  pg_get_ruledef(r.oid), r.ev_enabled
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.ev_type <> '1' AND (r.ev_class IN ({oids}) OR (n.nspname, c.relname) IN ({names}))
ORDER BY r.oid
