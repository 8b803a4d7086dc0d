CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "bio" TEXT,
  "email" VARCHAR(255) NOT NULL DEFAULT '-',
  "age" INTEGER,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_age" CHECK (age > 0)
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "bio", "email", "age") SELECT "users"."id", "users"."bio", "users"."email", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_email" ON "users" ("email", "age");
