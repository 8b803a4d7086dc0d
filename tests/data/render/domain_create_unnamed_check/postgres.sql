CREATE DOMAIN "score" AS integer CONSTRAINT "score_check" CHECK (VALUE >= 0);
