DROP VIEW "old";
DROP VIEW "adults";
