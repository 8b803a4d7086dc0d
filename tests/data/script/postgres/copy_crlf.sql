CREATE TABLE c (id int, t text);
COPY c FROM stdin;
1	one
2	two;
\.
SELECT 1;
