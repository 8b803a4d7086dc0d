ALTER TABLE "users" ALTER CONSTRAINT "users_email_not_null" INHERIT;
-- can't undo alter not null of column users.email: table members keeps its refusal of NULL as its own; write a down
