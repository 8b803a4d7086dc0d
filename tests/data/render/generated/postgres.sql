CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "a" integer NOT NULL,
  "s" integer GENERATED ALWAYS AS (a + 1) STORED,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
