ALTER TABLE `users` ADD INDEX `i` (`email`, `age`);
