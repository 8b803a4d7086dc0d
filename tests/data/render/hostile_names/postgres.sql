CREATE TABLE "we""ird `table` 'x';--" (
  "order ""by""" integer,
  "select" text,
  "größe_日本" integer,
  "back\slash" integer,
  CONSTRAINT "k""ey" PRIMARY KEY ("order ""by""")
);
CREATE INDEX "i;dx"" `" ON "we""ird `table` 'x';--" ("größe_日本");
