CREATE TABLE "t" (
  "id" INTEGER NOT NULL,
  "s" VARCHAR(50) DEFAULT (lower('A')),
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
