CREATE TABLE "a;b" ([c;'] INTEGER, `d;``e` TEXT, "f""; --" TEXT DEFAULT 'it''s; /* here', [g -- h] INTEGER);
INSERT INTO "a;b" VALUES (1, 'back\', 'next;', 2);
INSERT INTO "a;b" ([c;']) VALUES (x'3b');
SELECT $name, :other, @third, ?1, 'no $$ quote;' /* a 'comment */; SELECT '$$'; SELECT '$$';
