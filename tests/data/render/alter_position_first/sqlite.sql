CREATE TABLE "dunlin_new_users" (
  "age" INTEGER,
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL DEFAULT '-',
  "bio" TEXT,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_age" CHECK (age > 0)
);
INSERT OR ABORT INTO "dunlin_new_users" ("age", "id", "email", "bio") SELECT "users"."age", "users"."id", "users"."email", "users"."bio" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_email" ON "users" ("email", "age");
