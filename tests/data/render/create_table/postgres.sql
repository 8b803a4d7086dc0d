CREATE TABLE "users" (
  "id" bigint NOT NULL,
  "email" varchar(255) NOT NULL,
  "bio" text,
  "is_admin" boolean NOT NULL DEFAULT FALSE,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_email_key" UNIQUE ("email")
);
CREATE INDEX "users_email_idx" ON "users" ("email", "id");
