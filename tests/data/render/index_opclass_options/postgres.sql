CREATE INDEX "i" ON "t" USING "gist" ("a" "gist__int_ops" ("numranges" = '80'));
DROP INDEX "old";
