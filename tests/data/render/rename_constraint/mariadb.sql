ALTER TABLE `users`
  RENAME INDEX `users_email_key` TO `unique_email`,
  DROP CONSTRAINT `users_age`,
  ADD CONSTRAINT `grown_up` CHECK (`age` >= 0);
ALTER TABLE `posts`
  DROP FOREIGN KEY `posts_user`,
  ADD CONSTRAINT `author` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE RESTRICT ON UPDATE RESTRICT;
