-- A row a publication: those that are asked for, and those that have one of the tables or of the schemas. The columns of a table stand each in
-- quotes.
SELECT b.oid, NULL, b.pubname, obj_description(b.oid, 'pg_publication'), ARRAY[pg_get_userbyid(b.pubowner), current_user],
  b.puballtables, b.pubinsert, b.pubupdate, b.pubdelete, b.pubtruncate, b.pubviaroot,
  t.schemas, t.names, t.columns, t.filters, {published_schemas}, {published_generated}
FROM pg_publication b
LEFT JOIN LATERAL (
  SELECT array_agg(n.nspname::text ORDER BY r.oid), array_agg(c.relname::text ORDER BY r.oid),
    array_agg({published_columns} ORDER BY r.oid), array_agg({published_filter} ORDER BY r.oid)
  FROM pg_publication_rel r
  JOIN pg_class c ON c.oid = r.prrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE r.prpubid = b.oid
) t (schemas, names, columns, filters) ON true
WHERE b.pubname IN ({words})
  OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = b.oid AND r.prrelid IN ({oids}))
  {published_in}
ORDER BY b.oid
