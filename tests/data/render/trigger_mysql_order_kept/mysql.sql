DROP TRIGGER `keep_log`;
-- as a script: can't drop trigger keep_log on users without a look at the database: trigger keep_log on users may fire before or after another one at the same moment, and its catalog alone tells which
