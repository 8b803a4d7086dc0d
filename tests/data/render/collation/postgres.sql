CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "a" varchar(20) COLLATE "C",
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
