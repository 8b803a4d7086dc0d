DROP TRIGGER `keep_log`;
CREATE TRIGGER `write log` AFTER INSERT ON `users` FOR EACH ROW INSERT INTO log (what) VALUES (NEW.email);
