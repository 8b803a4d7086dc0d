CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "s" varchar(50) DEFAULT lower('A'::text),
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
