-- A row an extension, whose owner nobody can change. Version and comment are named where they aren't what they are by default.
-- Last, the comment that it comes with.
SELECT e.oid, NULL, e.extname, nullif(obj_description(e.oid, 'pg_extension'), a.comment), NULL,
  n.nspname, nullif(e.extversion, a.default_version), a.comment
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_available_extensions a ON a.name = e.extname
WHERE e.extname IN ({words})
ORDER BY e.oid
