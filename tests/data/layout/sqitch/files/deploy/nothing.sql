-- Deploy shop:nothing to sqlite

BEGIN;

-- This one was planned and never written.

COMMIT;
