-- Deploy shop:unique_email to sqlite

BEGIN;

CREATE UNIQUE INDEX users_email ON users (email) WHERE email IS NOT NULL;

COMMIT;
