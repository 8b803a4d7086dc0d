CREATE TABLE `events` (
  `id` bigint NOT NULL,
  `at` date NOT NULL,
  `what` varchar(20),
  PRIMARY KEY (`id`, `at`)
)
PARTITION BY LIST (year(at)) (
  PARTITION `even` VALUES IN (2022, 2024),
  PARTITION `rest` DEFAULT
);
