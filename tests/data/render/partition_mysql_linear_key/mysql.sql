CREATE TABLE `events` (
  `id` bigint NOT NULL,
  `at` date NOT NULL,
  `what` varchar(20),
  PRIMARY KEY (`id`, `at`)
)
PARTITION BY LINEAR KEY (`id`, `at`) (
  PARTITION `a`,
  PARTITION `b` COMMENT = 'Second'
);
