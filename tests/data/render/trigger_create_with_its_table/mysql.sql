CREATE TABLE `users` (
  `id` bigint NOT NULL,
  `email` varchar(255) NOT NULL,
  `age` int,
  PRIMARY KEY (`id`)
);
CREATE TABLE `log` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `what` text,
  PRIMARY KEY (`id`)
);
CREATE TRIGGER `keep_log` AFTER INSERT ON `users` FOR EACH ROW INSERT INTO log (what) VALUES (NEW.email);
