CREATE TABLE `types` (
  `u` tinyint unsigned,
  `bu` bigint unsigned,
  `y` year,
  `b` bit(8),
  `p` point,
  `mt` mediumtext,
  `tb` tinyblob,
  `n` double unsigned
);
