CREATE TABLE "posts" (
  "id" bigint NOT NULL,
  "words" integer,
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "words_positive" CHECK (words >= 0) NOT ENFORCED
);
