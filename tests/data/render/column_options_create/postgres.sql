CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "bio" text
);
ALTER TABLE "users"
  ALTER COLUMN "bio" SET COMPRESSION PGLZ,
  ALTER COLUMN "bio" SET ("n_distinct" = '-0.5'),
  ALTER COLUMN "bio" SET ("n_distinct_inherited" = '100'),
  ALTER COLUMN "bio" SET STATISTICS 500,
  ALTER COLUMN "bio" SET STORAGE EXTERNAL;
ALTER TABLE "other"
  ADD COLUMN "bio" text,
  ALTER COLUMN "bio" SET COMPRESSION PGLZ,
  ALTER COLUMN "bio" SET ("n_distinct" = '-0.5'),
  ALTER COLUMN "bio" SET ("n_distinct_inherited" = '100'),
  ALTER COLUMN "bio" SET STATISTICS 500,
  ALTER COLUMN "bio" SET STORAGE EXTERNAL;
