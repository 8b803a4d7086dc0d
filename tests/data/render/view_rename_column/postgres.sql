ALTER VIEW "people" RENAME COLUMN "email" TO "Address";
