ALTER TABLE `users` MODIFY COLUMN `age` int(11) COMMENT 'in years';
