ALTER TABLE `users` COLLATE=utf8mb4_bin;
