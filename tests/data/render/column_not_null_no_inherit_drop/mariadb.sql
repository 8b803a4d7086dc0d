ALTER TABLE `users` MODIFY COLUMN `email` varchar(255);
