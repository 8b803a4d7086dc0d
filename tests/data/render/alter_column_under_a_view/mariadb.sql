ALTER TABLE `users` MODIFY COLUMN `email` varchar(255) NOT NULL DEFAULT 'nobody';
