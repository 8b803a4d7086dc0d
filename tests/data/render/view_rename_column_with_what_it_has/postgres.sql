ALTER VIEW "people" RENAME COLUMN "email" TO "address";
-- as a script: can't alter columns of view people without a look at the database: view above may stand on it, and its catalog alone tells how
