ALTER TABLE `users`
  ADD COLUMN `zero` int FIRST,
  ADD COLUMN `nick` int AFTER `email`,
  ALGORITHM=INSTANT;
