-- A row a function or a procedure. Aggregates are neither.
SELECT p.oid, n.nspname, p.proname, obj_description(p.oid, 'pg_proc'), ARRAY[pg_get_userbyid(p.proowner), current_user],
  p.prokind = 'p', l.lanname, coalesce({routine_body}, p.prosrc), p.provolatile, p.proisstrict, p.proleakproof,
  p.proparallel, p.prosecdef, p.procost, p.prorows, p.proconfig, p.proretset, format_type(p.prorettype, NULL),
  p.proargmodes::text[], p.proargnames,
  array(SELECT format_type(t.oid, NULL)
    FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY t (oid, at) ORDER BY t.at),
  array(SELECT pg_get_function_arg_default(p.oid, t.at::int)
    FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY t (oid, at) ORDER BY t.at),
  array_remove(ARRAY[
    CASE WHEN p.prokind = 'w' THEN 'a window' END,
    CASE WHEN p.probin IS NOT NULL THEN 'a library: ' || p.probin END,
    CASE WHEN p.protrftypes IS NOT NULL THEN 'transforms of types' END], NULL),
  sn.nspname, s.proname
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
LEFT JOIN pg_proc s ON s.oid = p.prosupport::oid
LEFT JOIN pg_namespace sn ON sn.oid = s.pronamespace
WHERE p.prokind <> 'a' AND (n.nspname, p.proname) IN ({names})
ORDER BY p.oid
