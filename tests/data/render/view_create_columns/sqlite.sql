CREATE VIEW "adults" ("number", "e mail") AS SELECT id, email FROM users WHERE age >= 18;
