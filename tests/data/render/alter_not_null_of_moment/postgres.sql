ALTER TABLE "t" ALTER COLUMN "at" SET NOT NULL;
CREATE TABLE "u" (
  "id" bigint NOT NULL,
  "at" timestamp NOT NULL,
  CONSTRAINT "u_pkey" PRIMARY KEY ("id")
);
