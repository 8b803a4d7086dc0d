CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "age" INTEGER,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "posts" (
  "a" INTEGER NOT NULL,
  "b" INTEGER NOT NULL,
  "user_id" INTEGER,
  "parent_a" INTEGER,
  "parent_b" INTEGER,
  CONSTRAINT "posts_pkey" PRIMARY KEY ("b", "a"),
  CONSTRAINT "posts_user_a" UNIQUE ("user_id", "a"),
  CONSTRAINT "posts_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT "posts_parent" FOREIGN KEY ("parent_b", "parent_a") REFERENCES "posts" ("b", "a"),
  CONSTRAINT "posts_a" CHECK (a > 0),
  CONSTRAINT "posts_ab" CHECK (a <> b)
);
