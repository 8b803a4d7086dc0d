DROP TRIGGER `keep_log`;
CREATE TRIGGER `keep_log` AFTER INSERT ON `users` FOR EACH ROW PRECEDES `log_last` INSERT INTO log (what) VALUES (NEW.age);
-- as a script: can't alter action of trigger keep_log on users without a look at the database: trigger keep_log on users may fire before or after another one at the same moment, and its catalog alone tells which
