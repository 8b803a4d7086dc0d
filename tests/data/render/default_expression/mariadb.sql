CREATE TABLE `t` (
  `id` bigint NOT NULL,
  `s` varchar(50) DEFAULT (lower('A')),
  PRIMARY KEY (`id`)
);
