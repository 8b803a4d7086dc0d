ALTER TABLE "tasks" ADD CONSTRAINT "tasks_author" FOREIGN KEY ("tenant", "author") REFERENCES "members" ("tenant", "id") ON DELETE SET NULL ("author");
