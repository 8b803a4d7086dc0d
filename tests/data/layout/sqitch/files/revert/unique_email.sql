-- Revert shop:unique_email from sqlite

BEGIN;

DROP INDEX users_email;

COMMIT;
