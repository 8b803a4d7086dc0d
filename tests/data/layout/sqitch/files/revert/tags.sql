-- Revert shop:tags from sqlite

BEGIN;

DROP TABLE product_tags;
DROP TABLE tags;

COMMIT;
