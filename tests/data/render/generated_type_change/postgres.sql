ALTER TABLE "bills" ALTER COLUMN "gross" TYPE text;
