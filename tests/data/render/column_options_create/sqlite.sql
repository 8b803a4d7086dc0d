CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "bio" TEXT
);
ALTER TABLE "other" ADD COLUMN "bio" TEXT;
