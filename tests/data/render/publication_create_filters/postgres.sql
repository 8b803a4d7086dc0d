CREATE PUBLICATION "news" FOR TABLE "users" ("age", "id") WHERE (age > 17) WITH (publish = 'insert');
