CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "age" INTEGER,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "of_age" CHECK (age > 17)
);
