ALTER TABLE `users` ADD INDEX `i` (`email`(10));
