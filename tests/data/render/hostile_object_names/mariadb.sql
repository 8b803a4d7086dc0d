CREATE VIEW `we"ird ``v`` 'x';--` AS SELECT id FROM users;
RENAME TABLE `we"ird ``v`` 'x';--` TO `o'ther\ "one"`;
CREATE TRIGGER `we"ird ``v`` 'x';--` AFTER INSERT ON `users` FOR EACH ROW INSERT INTO log (what) VALUES (NEW.email);
CREATE FUNCTION `fwe"ird ``v`` 'x';--`(`n` int(11)) RETURNS int(11) DETERMINISTIC COMMENT 'we"ird `v` ''x'';--'
RETURN 1;
CREATE EVENT `we"ird ``v`` 'x';--` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' COMMENT 'we"ird `v` ''x'';--' DO DO 1;
