CREATE TABLE `defaults` (
  `id` bigint NOT NULL,
  `i` int DEFAULT -5,
  `b` tinyint(1) NOT NULL DEFAULT TRUE,
  `f` double DEFAULT 1.5,
  `t` varchar(50) DEFAULT 'it''s \\ "x"',
  `e` varchar(5) DEFAULT '',
  `n` varchar(5) DEFAULT NULL,
  `now` datetime DEFAULT CURRENT_TIMESTAMP,
  `bytes` varbinary(10) DEFAULT x'00275cff',
  PRIMARY KEY (`id`)
);
