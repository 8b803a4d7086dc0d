/*M!999999\- enable the sandbox mode */ 
-- MariaDB dump
/*M!100100 SET @a = ';' */;
/*!50701 not for MariaDB; don't /* nor this */ */ SELECT 1;
/*!100100 SET @b = 1 */;
CREATE OR REPLACE TABLE t (id INT) /*M! COMMENT='m;' */
