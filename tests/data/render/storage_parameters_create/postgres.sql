CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "age" integer,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
) WITH ("autovacuum_enabled" = 'false', "fillfactor" = '70');
CREATE INDEX "by_age" ON "users" ("age") WITH ("fillfactor" = '80');
