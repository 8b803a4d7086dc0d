CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "age" integer,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "posts" (
  "id" bigint NOT NULL,
  "user_id" bigint,
  "words" integer,
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "posts" ADD CONSTRAINT "posts_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") NOT VALID;
ALTER TABLE "posts" ADD CONSTRAINT "words_positive" CHECK (words >= 0) NOT VALID;
