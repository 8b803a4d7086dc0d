ALTER TABLE `events` RENAME COLUMN `id` TO `number`;
