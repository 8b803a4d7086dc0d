-- Deploy shop:rename_title to sqlite

BEGIN;

ALTER TABLE products RENAME COLUMN title TO name;

COMMIT;
