CREATE TABLE `t` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `a` varchar(10),
  PRIMARY KEY (`id`)
) AUTO_INCREMENT=1000;
