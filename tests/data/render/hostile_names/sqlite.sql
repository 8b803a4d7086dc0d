CREATE TABLE "we""ird `table` 'x';--" (
  "order ""by""" INTEGER NOT NULL,
  "select" TEXT,
  "größe_日本" INTEGER,
  "back\slash" INTEGER,
  CONSTRAINT "k""ey" PRIMARY KEY ("order ""by""")
);
CREATE INDEX "i;dx"" `" ON "we""ird `table` 'x';--" ("größe_日本");
