ALTER TABLE "bill" RENAME TO "invoice";
ALTER TABLE "invoice" RENAME COLUMN "number" TO "no";
