CREATE TABLE "t" (
  "id" INTEGER NOT NULL,
  "a" INTEGER,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "t_a" ON "t" ("a");
