CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "a" varchar(10),
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
