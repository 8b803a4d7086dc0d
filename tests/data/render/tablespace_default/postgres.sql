CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "age" integer,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
) TABLESPACE "pg_default";
CREATE INDEX "by_age" ON "users" ("age") TABLESPACE "pg_default";
