CREATE TABLE `events` (
  `id` bigint NOT NULL,
  `at` date NOT NULL,
  `what` varchar(20),
  PRIMARY KEY (`id`, `at`)
)
PARTITION BY HASH (month(at)) PARTITIONS 4;
