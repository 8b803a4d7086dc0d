CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "bio" TEXT,
  "is_admin" BOOLEAN NOT NULL DEFAULT FALSE,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_email_key" UNIQUE ("email")
);
CREATE INDEX "users_email_idx" ON "users" ("email", "id");
