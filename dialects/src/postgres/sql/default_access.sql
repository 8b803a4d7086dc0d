-- A row a privilege that somebody has by default privileges, or has no more: the role, whether it is the connection's own, the
-- schema, the kind of object, then as for any object. What the role has itself doesn't count.
WITH defaults AS (
  SELECT d.oid, d.defaclrole AS role, n.nspname, d.defaclobjtype AS kind, d.defaclacl AS acl
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
),
actual AS (
  SELECT d.oid, a.grantee, a.privilege_type AS privilege, bool_or(a.is_grantable) AS grantable
  FROM defaults d CROSS JOIN LATERAL aclexplode(d.acl) a WHERE a.grantee <> d.role GROUP BY 1, 2, 3
),
usual AS (
  SELECT d.oid, a.grantee, a.privilege_type AS privilege, bool_or(a.is_grantable) AS grantable
  FROM defaults d CROSS JOIN LATERAL aclexplode(acldefault(CASE d.kind WHEN 'S' THEN 's' ELSE d.kind END, d.role)) a
  WHERE a.grantee <> d.role AND d.nspname IS NULL GROUP BY 1, 2, 3
)
SELECT d.kind, '', x.revoked, coalesce(r.rolname, 'PUBLIC'), x.privilege, x.grantable, NULL,
  pg_get_userbyid(d.role), pg_get_userbyid(d.role) = current_user, d.nspname
FROM defaults d
JOIN LATERAL (
  SELECT a.grantee, a.privilege, a.grantable, false AS revoked FROM actual a
  WHERE a.oid = d.oid AND NOT EXISTS (SELECT FROM usual u WHERE (u.oid, u.grantee, u.privilege) = (a.oid, a.grantee, a.privilege))
  UNION ALL
  SELECT u.grantee, u.privilege, false, true FROM usual u
  WHERE u.oid = d.oid AND NOT EXISTS (SELECT FROM actual a WHERE (u.oid, u.grantee, u.privilege) = (a.oid, a.grantee, a.privilege))
) x ON true
LEFT JOIN pg_roles r ON r.oid = x.grantee
ORDER BY 8, 10, 1, 4, 5
