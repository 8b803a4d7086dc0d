--
-- PostgreSQL database dump
--

\restrict qLrHkTsdV0oxKvxDxhnKRvJ

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET client_min_messages = warning;

CREATE TABLE public.orders (
    id integer NOT NULL,
    note text
);


--
-- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.orders (id, note) FROM stdin;
1	a;b
2	\N
\.


ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


\unrestrict qLrHkTsdV0oxKvxDxhnKRvJ

RESET ALL;
