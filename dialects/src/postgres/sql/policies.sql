-- A row a policy of a table.
SELECT p.oid, NULL, p.polname, obj_description(p.oid, 'pg_policy'), NULL, n.nspname, c.relname, p.polcmd, NOT p.polpermissive,
  (SELECT array_agg(r.rolname::text ORDER BY k.at) FROM unnest(p.polroles) WITH ORDINALITY k (oid, at)
   JOIN pg_roles r ON r.oid = k.oid),
  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE p.polrelid IN ({oids}) OR (n.nspname, c.relname) IN ({names})
ORDER BY p.oid
