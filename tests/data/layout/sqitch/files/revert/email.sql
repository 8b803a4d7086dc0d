-- Revert shop:email from sqlite

BEGIN;

ALTER TABLE users DROP COLUMN email;

COMMIT;
