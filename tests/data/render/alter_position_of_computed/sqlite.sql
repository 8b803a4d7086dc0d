CREATE TABLE "dunlin_new_bills" (
  "gross" INTEGER AS (`net` * 2) VIRTUAL,
  "id" INTEGER NOT NULL,
  "tax" INTEGER AS (`net` * 3) STORED,
  "net" INTEGER,
  "word" VARCHAR(20),
  CONSTRAINT "bills_pkey" PRIMARY KEY ("id")
);
INSERT OR ABORT INTO "dunlin_new_bills" ("id", "net", "word") SELECT "bills"."id", "bills"."net", "bills"."word" FROM "bills";
DROP TABLE "bills";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "dunlin_new_bills" RENAME TO "bills";
PRAGMA legacy_alter_table = OFF;
