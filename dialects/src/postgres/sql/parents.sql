-- A row a table that another inherits from, in order; what a partition is of isn't among them.
SELECT i.inhrelid, n.nspname, p.relname
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
JOIN pg_class p ON p.oid = i.inhparent
JOIN pg_namespace n ON n.oid = p.relnamespace
WHERE i.inhrelid IN ({oids}) AND NOT c.relispartition
ORDER BY i.inhrelid, i.inhseqno
