-- A row an index that a partition has because its parent has it, in the order in which they are made: its name, whether it is a
-- constraint's and which, and what the parent's index calls its columns, each in quotes.
SELECT i.indrelid, c.relname, x.contype,
  (SELECT string_agg(quote_literal(a.attname), ' ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = h.inhparent)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_inherits h ON h.inhrelid = c.oid
LEFT JOIN pg_constraint x ON x.conindid = i.indexrelid AND x.conrelid = i.indrelid AND x.contype IN ('p', 'u', 'x')
WHERE i.indrelid IN ({oids}) AND c.relispartition
ORDER BY i.indrelid, h.inhparent
