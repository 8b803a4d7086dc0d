ALTER TABLE `users` ALTER INDEX `users_email` IGNORED;
