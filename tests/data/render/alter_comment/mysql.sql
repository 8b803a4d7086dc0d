ALTER TABLE `users` MODIFY COLUMN `age` int COMMENT 'in years';
