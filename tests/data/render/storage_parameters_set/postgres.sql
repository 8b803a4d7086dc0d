ALTER TABLE "users" RESET ("autovacuum_enabled");
ALTER TABLE "users" SET ("fillfactor" = '80');
