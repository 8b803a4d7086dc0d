CREATE TABLE c (id int);
COPY c FROM stdin; SELECT 1;
1
\.
