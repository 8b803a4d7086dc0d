DROP TRIGGER `c`;
DROP TRIGGER `a`;
-- as a script: can't drop trigger c on users without a look at the database: trigger c on users may fire before or after another one at the same moment, and its catalog alone tells which
