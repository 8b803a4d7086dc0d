CREATE TABLE "defaults" (
  "id" bigint NOT NULL,
  "i" integer DEFAULT -5,
  "b" boolean NOT NULL DEFAULT TRUE,
  "f" double precision DEFAULT 1.5,
  "t" varchar(50) DEFAULT E'it''s \\ "x"',
  "e" varchar(5) DEFAULT '',
  "n" varchar(5),
  "now" timestamp DEFAULT CURRENT_TIMESTAMP,
  "bytes" bytea DEFAULT E'\\x00275cff'::bytea,
  CONSTRAINT "defaults_pkey" PRIMARY KEY ("id")
);
