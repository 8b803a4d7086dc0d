CREATE TABLE paths (path varchar(50));
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_BACKSLASH_ESCAPES' */;
INSERT INTO paths VALUES ('C:\'), ('D:\');
SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES');
INSERT INTO "paths" VALUES ('E:\'); -- '
SET @sql_mode = '', SESSION sql_mode := '';
INSERT INTO paths VALUES ('it\'s; "one'), ("two\";");
SET @@session.sql_mode = 'ansi_quotes,STRICT_TRANS_TABLES';
INSERT INTO paths VALUES ('three\';'); INSERT INTO "paths" (path) VALUES ('four');
SET SQL_MODE=@OLD_SQL_MODE;
INSERT INTO paths VALUES ("five\";");
