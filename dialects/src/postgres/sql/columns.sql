-- A row a column, in order. The numbers are those of the sequence that the column takes its own from, if it does. Then,
-- its options, one a line, whether it is only inherited, and whether it is as some parent has it. Last, from 18 on, what its refusal of NULL is called, and
-- whether a parent calls it so, whether it holds for new rows alone, and whether for this table alone.
SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
  pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity,
  CASE WHEN a.attcollation <> t.typcollation THEN {collation_name} END, col_description(a.attrelid, a.attnum),
  s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, s.name,
  array_to_string(ARRAY[
    CASE WHEN a.attstorage <> coalesce(h.attstorage, t.typstorage) THEN 'storage=' ||
      CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END,
    {compression}, 'statistics=' || nullif(a.attstattarget, -1)] || a.attoptions, chr(10)), NOT a.attislocal,
  NOT a.attislocal AND col_description(a.attrelid, a.attnum) IS NULL AND EXISTS (
    SELECT FROM pg_inherits i
    JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname AND NOT pa.attisdropped
    LEFT JOIN pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum
    WHERE i.inhrelid = a.attrelid
      AND (pa.attnotnull AND NOT EXISTS (SELECT FROM pg_constraint px WHERE px.conrelid = pa.attrelid AND px.contype = 'n'
        AND px.conkey = ARRAY[pa.attnum] AND px.connoinherit)) = a.attnotnull
      AND pg_get_expr(pd.adbin, pd.adrelid) IS NOT DISTINCT FROM pg_get_expr(d.adbin, d.adrelid)),
  x.conname, EXISTS (
    SELECT FROM pg_inherits i
    JOIN pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname AND NOT pa.attisdropped
    JOIN pg_constraint px ON px.conrelid = i.inhparent AND px.contype = 'n' AND px.conkey = ARRAY[pa.attnum] AND NOT px.connoinherit
    WHERE i.inhrelid = a.attrelid AND px.conname = x.conname),
  NOT x.convalidated, x.connoinherit
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation o ON o.oid = a.attcollation
LEFT JOIN pg_constraint x ON x.conrelid = a.attrelid AND x.contype = 'n' AND x.conkey = ARRAY[a.attnum]
LEFT JOIN LATERAL (
  SELECT h.* FROM pg_inherits i JOIN pg_attribute h ON h.attrelid = i.inhparent AND h.attname = a.attname AND NOT h.attisdropped
  WHERE i.inhrelid = a.attrelid AND a.attinhcount > 0 ORDER BY i.inhseqno LIMIT 1
) h ON true
LEFT JOIN LATERAL (
  SELECT s.*, q.relname AS name
  FROM pg_depend p JOIN pg_sequence s ON s.seqrelid = p.objid JOIN pg_class q ON q.oid = p.objid
  WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass
    AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum AND p.deptype IN ('a', 'i')
  ORDER BY p.deptype DESC, p.objid LIMIT 1
) s ON true
WHERE a.attrelid IN ({oids}) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
