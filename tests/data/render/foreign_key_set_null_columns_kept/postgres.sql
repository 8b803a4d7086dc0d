ALTER TABLE "tasks" RENAME COLUMN "author" TO "writer";
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_author";
