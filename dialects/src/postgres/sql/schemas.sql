-- A row a schema.
SELECT n.oid, NULL, n.nspname,
  nullif(obj_description(n.oid, 'pg_namespace'), CASE WHEN n.nspname = 'public' THEN 'standard public schema' ELSE '' END),
  nullif(pg_get_userbyid(n.nspowner), current_user)
FROM pg_namespace n
WHERE n.nspname IN ({words})
ORDER BY n.oid
