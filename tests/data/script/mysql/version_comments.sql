/*M!100000 not for MySQL; don't */ SELECT 1;
/*!80000 SET @a = ';' */;
/*!99999 SET @a = 1; not yet */ SELECT 2
