-- A row an index that a partition has because its parent has it: its name, whether it is a constraint's and which, and its
-- columns, each in quotes.
SELECT i.indrelid, c.relname, x.contype,
  (SELECT string_agg(quote_literal(coalesce(a.attname, 'expr')), ' ' ORDER BY k.at)
   FROM unnest(i.indkey) WITH ORDINALITY k (num, at)
   LEFT JOIN pg_attribute a ON k.num > 0 AND a.attrelid = i.indrelid AND a.attnum = k.num
   WHERE k.at <= i.indnkeyatts)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_constraint x ON x.conindid = i.indexrelid AND x.conrelid = i.indrelid AND x.contype IN ('p', 'u', 'x')
WHERE i.indrelid IN ({oids}) AND c.relispartition
ORDER BY i.indrelid, c.relname
