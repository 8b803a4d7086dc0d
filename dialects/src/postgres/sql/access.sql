-- A row a privilege that somebody else than the owner has beyond what is given by default, or that is given by default and
-- was taken away; or that its owner has no more, or has on a column. What is given by default are the server's own defaults and the default privileges of whoever asks, for they
-- would create it anew. Then who gave it beside the owner; last, whether everyone lacks it by default privileges alone. `kind` is that of pg_default_acl, or `c` for a column, which has no defaults; all others' "column" is empty.
WITH me AS (SELECT oid FROM pg_roles WHERE rolname = current_user),
objects (oid, "column", acl, owner, space, kind) AS ({objects}),
actual AS (
  SELECT o.oid, o.column, a.grantee, a.privilege_type AS privilege, bool_or(a.is_grantable) AS grantable,
    array_agg(DISTINCT pg_get_userbyid(a.grantor)::text) FILTER (WHERE a.grantor <> o.owner) AS by
  FROM objects o
  CROSS JOIN LATERAL aclexplode(coalesce(o.acl, acldefault(CASE o.kind WHEN 'S' THEN 's' ELSE o.kind END, o.owner))) a
  WHERE a.grantee <> o.owner OR o.kind = 'c' GROUP BY 1, 2, 3, 4
),
usual AS (
  SELECT o.oid, o.column, a.grantee, a.privilege_type AS privilege, bool_or(a.is_grantable) AS grantable
  FROM objects o CROSS JOIN me
  CROSS JOIN LATERAL (
    SELECT (aclexplode(coalesce(
      (SELECT d.defaclacl FROM pg_default_acl d
       WHERE d.defaclrole = me.oid AND d.defaclnamespace = 0 AND d.defaclobjtype = o.kind),
      acldefault(CASE o.kind WHEN 'S' THEN 's' ELSE o.kind END, o.owner)))).*
    UNION ALL
    SELECT (aclexplode(d.defaclacl)).* FROM pg_default_acl d
    WHERE d.defaclrole = me.oid AND d.defaclnamespace = o.space AND d.defaclobjtype = o.kind
  ) a
  WHERE o.kind <> 'c' AND a.grantee NOT IN (o.owner, me.oid) GROUP BY 1, 2, 3, 4
),
lost AS (
  SELECT o.oid, o.owner, a.privilege_type
  FROM objects o
  CROSS JOIN LATERAL aclexplode(acldefault(CASE o.kind WHEN 'S' THEN 's' ELSE o.kind END, o.owner)) a
  WHERE o.kind <> 'c' AND o.acl IS NOT NULL AND a.grantee = o.owner
  EXCEPT
  SELECT o.oid, o.owner, a.privilege_type
  FROM objects o CROSS JOIN LATERAL aclexplode(o.acl) a WHERE o.kind <> 'c' AND a.grantee = o.owner
)
SELECT coalesce(a.oid, u.oid), coalesce(a.column, u.column), a.oid IS NULL OR (u.grantable AND NOT a.grantable),
  coalesce(r.rolname, 'PUBLIC'), coalesce(a.privilege, u.privilege),
  CASE WHEN a.oid IS NULL THEN false WHEN u.grantable AND NOT a.grantable THEN true ELSE a.grantable END,
  a.by, false
FROM actual a
FULL JOIN usual u
  ON u.oid = a.oid AND u.column = a.column AND u.grantee = a.grantee AND u.privilege = a.privilege
LEFT JOIN pg_roles r ON r.oid = coalesce(a.grantee, u.grantee)
WHERE a.grantable IS DISTINCT FROM u.grantable
UNION ALL
SELECT l.oid, '', true, pg_get_userbyid(l.owner), l.privilege_type, false, NULL, false FROM lost l
UNION ALL
SELECT o.oid, '', true, 'PUBLIC', d.privilege_type, false, NULL, true
FROM objects o
CROSS JOIN LATERAL aclexplode(acldefault(CASE o.kind WHEN 'S' THEN 's' ELSE o.kind END, o.owner)) d
WHERE o.kind <> 'c' AND d.grantee = 0
  AND NOT EXISTS (SELECT FROM actual a WHERE a.oid = o.oid AND a.grantee = 0 AND a.privilege = d.privilege_type)
  AND NOT EXISTS (SELECT FROM usual u WHERE u.oid = o.oid AND u.grantee = 0 AND u.privilege = d.privilege_type)
ORDER BY 1, 2, 4, 5
