CREATE TABLE `t` (
  `id` bigint NOT NULL,
  `a` varchar(20) COLLATE utf8mb4_bin,
  PRIMARY KEY (`id`)
);
