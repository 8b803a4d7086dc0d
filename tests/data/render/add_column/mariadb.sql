ALTER TABLE `users`
  ADD COLUMN `nick` varchar(20),
  ADD COLUMN `score` int NOT NULL DEFAULT 0;
