CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "age" INTEGER NOT NULL DEFAULT 1,
  "nick" VARCHAR(20),
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "grown_up" CHECK (age >= 18)
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "age") SELECT "users"."id", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "users_nick" ON "users" ("nick");
