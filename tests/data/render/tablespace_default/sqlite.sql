CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "age" INTEGER,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "by_age" ON "users" ("age");
