CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL DEFAULT '-',
  "city" VARCHAR(20),
  "age" INTEGER NOT NULL,
  "bio" TEXT,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_age" CHECK (age > 0)
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "email", "age", "bio") SELECT "users"."id", "users"."email", "users"."age", "users"."bio" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_email" ON "users" ("email", "age");
ALTER TABLE "users" RENAME COLUMN "bio" TO "about";
CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "age" INTEGER NOT NULL,
  "about" TEXT,
  "email" VARCHAR(255) NOT NULL DEFAULT '-',
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_age" CHECK (age > 0)
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "age", "about", "email") SELECT "users"."id", "users"."age", "users"."about", "users"."email" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_email" ON "users" ("email", "age");
