DROP VIEW "adults";
DROP TABLE "users";
