ALTER VIEW "adults" SET (security_barrier = true);
