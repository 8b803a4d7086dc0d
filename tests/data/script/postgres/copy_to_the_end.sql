CREATE TABLE c (id int);
COPY c FROM stdin;
\.
copy c from stdin -- the last one
;
1
2