ALTER TABLE `users`
  ADD CONSTRAINT `users_email_key` UNIQUE (`email`),
  ADD CONSTRAINT `users_age` CHECK (age >= 0);
ALTER TABLE `posts`
  ADD INDEX `posts_user` (`user_id`),
  ADD CONSTRAINT `posts_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE;
