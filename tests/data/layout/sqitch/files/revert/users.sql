-- Revert shop:users from sqlite

BEGIN;

DROP TABLE users;

COMMIT;
