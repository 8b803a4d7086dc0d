ALTER TABLE `users`
  DROP INDEX `users_age`,
  DROP COLUMN `age`;
