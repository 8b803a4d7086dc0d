-- dunlin: no-transaction
VACUUM;
-- dunlin: down
