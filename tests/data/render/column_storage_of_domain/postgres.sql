DO $$BEGIN EXECUTE (SELECT 'ALTER TABLE "bills" ALTER COLUMN "total" SET STORAGE ' || CASE typstorage WHEN 'p' THEN 'PLAIN' WHEN 'm' THEN 'MAIN' WHEN 'e' THEN 'EXTERNAL' ELSE 'EXTENDED' END FROM pg_catalog.pg_type WHERE oid = 'amount'::pg_catalog.regtype); END$$;
ALTER TABLE "bills" ALTER COLUMN "rest" SET STORAGE EXTENDED;
