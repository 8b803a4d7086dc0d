ALTER TABLE `users` ADD COLUMN `nick` varchar(20);
ALTER TABLE `users` MODIFY COLUMN `age` int NOT NULL;
