ALTER TABLE `users`
  MODIFY COLUMN `age` int NOT NULL,
  ADD COLUMN `word` text NOT NULL;
