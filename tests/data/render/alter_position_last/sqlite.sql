CREATE TABLE "dunlin_new_users" (
  "email" VARCHAR(255) NOT NULL DEFAULT '-',
  "age" INTEGER,
  "bio" TEXT,
  "id" INTEGER NOT NULL,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_age" CHECK (age > 0)
);
INSERT OR ABORT INTO "dunlin_new_users" ("email", "age", "bio", "id") SELECT "users"."email", "users"."age", "users"."bio", "users"."id" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_email" ON "users" ("email", "age");
