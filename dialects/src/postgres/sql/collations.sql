-- A row a collation. Where libc's locales of comparing and of characters differ, there are two.
SELECT c.oid, n.nspname, c.collname, obj_description(c.oid, 'pg_collation'), ARRAY[pg_get_userbyid(c.collowner), current_user],
  CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END, coalesce({collation_locale}, c.collcollate),
  NOT c.collisdeterministic, {collation_rules},
  CASE WHEN c.collprovider = 'c' AND c.collcollate <> c.collctype THEN 'a locale of its own for characters: ' || c.collctype END
FROM pg_collation c
JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE (n.nspname, c.collname) IN ({names})
ORDER BY c.oid
