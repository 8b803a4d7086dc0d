CREATE TABLE `t` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `a` int,
  PRIMARY KEY (`id`)
);
