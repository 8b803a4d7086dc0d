CREATE TABLE `posts` (
  `id` bigint NOT NULL,
  `words` int,
  PRIMARY KEY (`id`),
  CONSTRAINT `words_positive` CHECK (words >= 0) NOT ENFORCED
);
