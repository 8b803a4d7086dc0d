CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "email" varchar(255) NOT NULL,
  "age" integer,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "by_age" ON "users" ("age");
COMMENT ON INDEX "by_age" IS 'It''s by age';
