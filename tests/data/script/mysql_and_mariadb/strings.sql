CREATE TABLE s (`a;b` VARCHAR(50) DEFAULT 'it\'s; \\', c TEXT COMMENT "say \"hi;\"");
INSERT INTO s VALUES ('back\\', "two;""'"), ('\\\';', 'it''s;');
INSERT INTO s (`a;b`) VALUES (_utf8mb4'x\';'), (x'3b'), (N'n;'), ('/* no comment'), ('-- nor here'), ('# nor here');
SELECT `a;b`, "double;\\" FROM s; SELECT '$$', '$tag$;';
