DELETE FROM "pairs" WHERE ("a" = 1 AND "b" = 'x') OR ("a" = 2 AND "b" = 'y');
DELETE FROM "users" WHERE "id" IN (1, 2);
-- can't undo delete 2 rows from table pairs: the rows it deletes aren't remembered; write a down
