ALTER TABLE `users`
  DROP CHECK `users_age`,
  DROP COLUMN `age`;
