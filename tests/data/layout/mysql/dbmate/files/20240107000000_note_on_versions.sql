-- migrate:up transaction:false
ALTER TABLE schema_migrations ADD COLUMN note varchar(20);
UPDATE schema_migrations SET note = 'old' WHERE version < '2';

-- migrate:down
ALTER TABLE `schema_migrations` DROP COLUMN note;
