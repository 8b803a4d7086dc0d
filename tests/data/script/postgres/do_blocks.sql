DO $$ BEGIN PERFORM 1; END $$;
DO LANGUAGE plpgsql $do$
BEGIN
  IF EXISTS (SELECT 1) THEN
    EXECUTE 'CREATE TABLE made (id int); -- ;';
  END IF;
EXCEPTION WHEN others THEN RAISE NOTICE ';';
END
$do$;
DO $$
BEGIN
  INSERT INTO made VALUES (1);
  COMMIT;
  CREATE TEMP TABLE gone (id int) ON COMMIT DROP;
END $$;
do 'begin null; end';
DO $$ BEGIN /* COMMIT; */ CREATE TEMP TABLE gone_too (id int) ON COMMIT DROP; END $$
