-- Revert shop:nothing from sqlite

BEGIN;

-- Nor was its way back.

COMMIT;
