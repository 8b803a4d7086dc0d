CREATE COLLATION "codes" (provider = 'builtin', locale = 'C.UTF-8');
