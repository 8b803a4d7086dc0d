ALTER TABLE `users` ADD INDEX `i` (`email` DESC, `age`);
