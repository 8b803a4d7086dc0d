ALTER TABLE `users`
  MODIFY COLUMN `age` int(11) NOT NULL,
  ADD COLUMN `word` text NOT NULL;
