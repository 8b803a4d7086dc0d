CREATE EXTENSION "citext";
CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "email" citext,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
