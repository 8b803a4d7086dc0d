CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "name" VARCHAR(255) DEFAULT 'nobody',
  "age" INTEGER NOT NULL DEFAULT 18,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_full_name_key" UNIQUE ("name")
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "name", "age") SELECT "users"."id", "users"."name", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "by_years" ON "users" ("age");
ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";
CREATE TABLE "dunlin_new_posts" (
  "id" INTEGER NOT NULL,
  "author" INTEGER DEFAULT 1,
  "title" VARCHAR(80),
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "posts_author_fkey" FOREIGN KEY ("author") REFERENCES "users" ("id")
);
INSERT OR ABORT INTO "dunlin_new_posts" ("id", "author") SELECT "posts"."id", "posts"."author" FROM "posts";
DROP TABLE "posts";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_posts" RENAME TO "posts";
PRAGMA legacy_alter_table = OFF;
