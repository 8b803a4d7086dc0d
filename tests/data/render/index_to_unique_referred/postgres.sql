ALTER TABLE "users" ADD CONSTRAINT "users_id_key" UNIQUE USING INDEX "users_by_id";
-- can't undo make unique constraint users_id_key of index users_by_id of table users: a foreign key of table posts refers to what index users_by_id keeps apart; write a down
