CREATE TABLE people (id int, name text, note text);
COPY people (id, name, note) FROM stdin;
1	Ann; Lee	it's "quoted"
2	$$not a quote	\N
3	-- no comment	back\\slash
4	/* open	\\.
\.

COPY people FROM STDIN WITH (FORMAT csv, HEADER true);
id,name,note
5,"a
b;",x
\.
COPY public.people(id) FROM stdin; 
6
\.
SELECT count(*) FROM people;
