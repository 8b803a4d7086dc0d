DROP TRIGGER `keep_log`;
CREATE DEFINER=`app` TRIGGER `keep_log` AFTER INSERT ON `users` FOR EACH ROW PRECEDES `log_last` INSERT INTO log (what) VALUES (NEW.email);
