CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "a" integer,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "t"
  ADD COLUMN "b" integer,
  ADD CONSTRAINT "a_b" UNIQUE ("a", "b"),
  ADD CONSTRAINT "b_positive" CHECK (b > 0);
