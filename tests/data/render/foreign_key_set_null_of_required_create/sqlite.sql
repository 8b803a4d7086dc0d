CREATE TABLE "posts" (
  "id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "posts_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL
);
