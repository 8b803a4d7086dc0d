ALTER TABLE "users" ALTER COLUMN "age" SET DEFAULT 18;
ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";
COMMENT ON TABLE "users" IS 'those who write';
ALTER TABLE "posts" ALTER COLUMN "author" SET DEFAULT 1;
ALTER INDEX "by_age" RENAME TO "by_years";
ALTER TABLE "users"
  ALTER COLUMN "full_name" SET DEFAULT 'nobody',
  ADD CONSTRAINT "users_full_name_key" UNIQUE ("full_name");
ALTER TABLE "posts" ADD COLUMN "title" varchar(80);
ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL;
