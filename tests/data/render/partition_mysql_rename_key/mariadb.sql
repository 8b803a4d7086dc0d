ALTER TABLE `events` RENAME COLUMN `at` TO `day`;
