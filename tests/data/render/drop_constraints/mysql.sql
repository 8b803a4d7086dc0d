ALTER TABLE `posts` DROP FOREIGN KEY `posts_user`;
ALTER TABLE `users`
  DROP CHECK `users_age`,
  DROP INDEX `users_email_key`;
