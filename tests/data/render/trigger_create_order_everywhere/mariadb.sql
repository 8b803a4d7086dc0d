CREATE TRIGGER `log_first` AFTER INSERT ON `users` FOR EACH ROW PRECEDES `keep_log` INSERT INTO log (what) VALUES (NEW.email);
