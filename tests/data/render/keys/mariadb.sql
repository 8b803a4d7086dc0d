CREATE TABLE `users` (
  `id` bigint NOT NULL,
  `email` varchar(255) NOT NULL,
  `age` int,
  PRIMARY KEY (`id`)
);
CREATE TABLE `posts` (
  `a` int NOT NULL,
  `b` int NOT NULL,
  `user_id` bigint,
  `parent_a` int,
  `parent_b` int,
  PRIMARY KEY (`b`, `a`),
  CONSTRAINT `posts_user_a` UNIQUE (`user_id`, `a`),
  CONSTRAINT `posts_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT `posts_parent` FOREIGN KEY (`parent_b`, `parent_a`) REFERENCES `posts` (`b`, `a`),
  CONSTRAINT `posts_a` CHECK (a > 0),
  CONSTRAINT `posts_ab` CHECK (a <> b),
  INDEX `posts_parent` (`parent_b`, `parent_a`)
);
