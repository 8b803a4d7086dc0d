-- migrate:up
ALTER TABLE orders ADD COLUMN note varchar(200) NOT NULL DEFAULT '';


-- migrate:down
ALTER TABLE orders DROP COLUMN note;

