ALTER TABLE "tasks" DROP CONSTRAINT "tasks_author";
