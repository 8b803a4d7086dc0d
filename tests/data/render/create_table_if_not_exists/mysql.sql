CREATE TABLE `new` (
  `id` bigint NOT NULL,
  PRIMARY KEY (`id`)
);
