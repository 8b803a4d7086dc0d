ALTER TABLE `bill` MODIFY COLUMN `number` bigint(20);
DROP SEQUENCE `orders`;
