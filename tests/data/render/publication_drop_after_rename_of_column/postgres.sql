ALTER TABLE "users" RENAME COLUMN "age" TO "years";
DROP PUBLICATION "news";
-- can't undo drop publication news: what it had mentions age, which this revision has renamed to years before; rename in a revision of its own, or write a down
