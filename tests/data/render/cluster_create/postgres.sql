CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "email" varchar(255) NOT NULL,
  "bio" varchar(80),
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "users_email" ON "users" ("email");
CREATE INDEX "users_bio" ON "users" ("bio");
ALTER TABLE "users" CLUSTER ON "users_pkey";
