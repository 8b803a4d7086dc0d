ALTER TABLE `posts`
  ADD INDEX `posts_user` (`user_id`),
  ADD CONSTRAINT `posts_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE SET NULL;
