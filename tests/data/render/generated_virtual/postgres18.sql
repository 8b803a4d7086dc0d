CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "a" integer NOT NULL,
  "v" integer GENERATED ALWAYS AS (a * 2) VIRTUAL,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
