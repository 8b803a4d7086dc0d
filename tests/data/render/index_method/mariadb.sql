ALTER TABLE `users` ADD INDEX `i` (`age`);
