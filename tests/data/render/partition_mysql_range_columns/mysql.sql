CREATE TABLE `events` (
  `id` bigint NOT NULL,
  `at` date NOT NULL,
  `what` varchar(20),
  PRIMARY KEY (`id`, `at`)
)
PARTITION BY RANGE COLUMNS (`at`) (
  PARTITION `old` VALUES LESS THAN ('2024-01-01'),
  PARTITION `rest` VALUES LESS THAN (MAXVALUE)
);
