CREATE TABLE `events` (
  `id` bigint NOT NULL,
  `at` date NOT NULL,
  `what` varchar(20) NOT NULL,
  PRIMARY KEY (`id`, `what`)
)
PARTITION BY LIST COLUMNS (`what`) (
  PARTITION `in_and_out` VALUES IN ('login', 'it''s out')
);
