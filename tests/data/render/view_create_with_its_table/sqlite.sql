CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "age" INTEGER,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE VIEW "adults" AS SELECT id, email FROM users WHERE age >= 18;
