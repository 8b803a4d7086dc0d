-- Deploy shop:note to sqlite

BEGIN;

ALTER TABLE orders ADD COLUMN note varchar(200) NOT NULL DEFAULT '';

COMMIT;
