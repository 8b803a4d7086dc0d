CREATE TABLE "dunlin_new_users" (
  "bio" TEXT,
  "id" INTEGER NOT NULL,
  "age" INTEGER,
  "email" VARCHAR(255) NOT NULL DEFAULT '-',
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_age" CHECK (age > 0)
);
INSERT OR ABORT INTO "dunlin_new_users" ("bio", "id", "age", "email") SELECT "users"."bio", "users"."id", "users"."age", "users"."email" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_email" ON "users" ("email", "age");
