-- A row a schema. Last, the comment that it comes with.
SELECT n.oid, NULL, n.nspname,
  nullif(obj_description(n.oid, 'pg_namespace'), CASE WHEN n.nspname = 'public' THEN 'standard public schema' ELSE '' END),
  ARRAY[pg_get_userbyid(n.nspowner), current_user], CASE WHEN n.nspname = 'public' THEN 'standard public schema' END
FROM pg_namespace n
WHERE n.nspname IN ({words})
ORDER BY n.oid
