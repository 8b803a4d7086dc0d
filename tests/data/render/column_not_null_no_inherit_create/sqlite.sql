CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "age" INTEGER
);
