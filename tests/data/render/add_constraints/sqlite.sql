CREATE TABLE "dunlin_new_users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "age" INTEGER,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_email_key" UNIQUE ("email"),
  CONSTRAINT "users_age" CHECK (age >= 0)
);
INSERT OR ABORT INTO "dunlin_new_users" ("id", "email", "age") SELECT "users"."id", "users"."email", "users"."age" FROM "users";
DROP TABLE "users";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_users" RENAME TO "users";
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "dunlin_new_posts" (
  "id" INTEGER NOT NULL,
  "user_id" INTEGER,
  "title" VARCHAR(100),
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "posts_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT OR ABORT INTO "dunlin_new_posts" ("id", "user_id", "title") SELECT "posts"."id", "posts"."user_id", "posts"."title" FROM "posts";
DROP TABLE "posts";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_posts" RENAME TO "posts";
PRAGMA legacy_alter_table = OFF;
