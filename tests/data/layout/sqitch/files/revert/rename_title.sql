-- Revert shop:rename_title from sqlite

BEGIN;

ALTER TABLE products RENAME COLUMN name TO title;

COMMIT;
