CREATE TABLE `events` (
  `id` bigint NOT NULL,
  `at` date NOT NULL,
  `what` varchar(20),
  PRIMARY KEY (`id`, `at`)
)
PARTITION BY RANGE (year(at)) (
  PARTITION `p2023` VALUES LESS THAN (2024),
  PARTITION `p2024` VALUES LESS THAN (2025) COMMENT = 'It''s gone',
  PARTITION `rest` VALUES LESS THAN MAXVALUE
);
