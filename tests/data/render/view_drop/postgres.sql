DROP VIEW "adults";
