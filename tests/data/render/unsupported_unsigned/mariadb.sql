CREATE TABLE `t` (
  `u` tinyint unsigned
);
