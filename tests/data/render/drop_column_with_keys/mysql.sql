ALTER TABLE `posts`
  DROP FOREIGN KEY `posts_user`,
  DROP INDEX `posts_user_title`,
  DROP COLUMN `user_id`;
