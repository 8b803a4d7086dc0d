ALTER VIEW "adults" SET (security_invoker = true);
